using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Engine.ContractTests.Journals;

[GenerateSerializer, Immutable]
public sealed record Deposited([property: Id(0)] int Amount);

public sealed class Account
{
    public int Balance { get; private set; }

    public void Apply(Deposited deposited) => Balance += deposited.Amount;
}

public interface IAccountGrain : IGrainWithStringKey
{
    Task<int> Deposit(int amount);

    Task<bool> DepositUnlessMoved(int amount);

    Task<string> DepositUnconfirmed(int amount);

    Task<int> Balance();

    Task<int> Events();

    Task Refresh();

    Task End();
}

[GrainType("account")]
[LogConsistencyProvider(ProviderName = "memory")]
public sealed class AccountGrain(Signals signals) : JournaledGrain<Account, Deposited>, IAccountGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        signals.Report("version at activation", Version);
    }

    public async Task<int> Deposit(int amount)
    {
        RaiseEvent(new Deposited(amount));
        await ConfirmEvents();
        return Version;
    }

    public Task<bool> DepositUnlessMoved(int amount) => RaiseConditionalEvent(new Deposited(amount));

    public async Task<string> DepositUnconfirmed(int amount)
    {
        RaiseEvent(new Deposited(amount));
        var before = $"{State.Balance} {TentativeState.Balance} {UnconfirmedEvents.Count()}";
        await ConfirmEvents();
        return before;
    }

    public Task<int> Balance() => Task.FromResult(State.Balance);

    public async Task<int> Events() => (await RetrieveConfirmedEvents(0, Version)).Count;

    public Task Refresh() => RefreshNow();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    protected override void OnStateChanged() => signals.Report("state", State.Balance);
}
