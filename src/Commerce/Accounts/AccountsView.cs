using Loire.Projections;

namespace Commerce.Accounts;

public sealed class AccountsView : Projection<AccountView>
{
    public AccountsView()
        : base("accounts")
    {
        On<AccountEvent.Opened>((_, e, info) => new AccountView(info.AggregateId, e.OwnerId, e.InitialBalance.Amount, IsActive: true));
        On<AccountEvent.Deposited>((view, e, _) => view! with { Balance = view.Balance + e.Amount.Amount });
        On<AccountEvent.Withdrawn>((view, e, _) => view! with { Balance = view.Balance - e.Amount.Amount });
        On<AccountEvent.Closed>((view, _, _) => view! with { IsActive = false });
    }
}

public sealed record AccountView(string Id, [property: Indexed] string OwnerId, decimal Balance, bool IsActive);
