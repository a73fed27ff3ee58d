using Commerce.Accounts;
using Loire.Projections;

namespace Loire.Benchmarks.Campaign;

/// <summary>What an account has been given.</summary>
/// <param name="Version">Of the last event.</param>
/// <param name="Amount">Of all of them.</param>
/// <param name="InOrder">Whether each came after the one before it. Kept here, since what a handler sees counts only once it is
/// written: of two activations one works on what the other has left behind, and is refused.</param>
internal sealed record AccountSum(long Version, decimal Amount, bool InOrder);

/// <summary>Each account, in four partitions.</summary>
internal sealed class AccountSums : Projection<AccountSum>
{
    public AccountSums(Trouble trouble)
        : base("account-sums", partitions: 4) =>
        On<AccountEvent.Deposited>((sum, e, info) =>
        {
            trouble.Meet("account-sums", e, info);
            var inOrder = info.Version == (sum?.Version ?? 0) + 1 && sum?.InOrder != false;
            return new AccountSum(info.Version, (sum?.Amount ?? 0) + e.Amount.Amount, inOrder);
        });
}

/// <summary>What a group of accounts has been given.</summary>
internal sealed record GroupSum(int Deposits, decimal Amount);

/// <summary>Groups of accounts: a document is changed by events of many aggregates.</summary>
internal sealed class GroupSums : Projection<GroupSum>
{
    public GroupSums(Trouble trouble)
        : base("group-sums") =>
        On<AccountEvent.Deposited>(
            (_, info) => CampaignEvents.GroupOf(info.AggregateId),
            (sum, e, info) =>
            {
                trouble.Meet("group-sums", e, info);
                return new GroupSum((sum?.Deposits ?? 0) + 1, (sum?.Amount ?? 0) + e.Amount.Amount);
            });
}
