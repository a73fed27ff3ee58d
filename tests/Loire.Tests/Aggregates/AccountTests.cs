using System.Text;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog;

namespace Loire.Tests.Aggregates;

/// <summary>Tests with one account, whose appends can be held back.</summary>
public abstract class AccountTests : IAsyncLifetime
{
    /// <summary>Completed by the test, to let appends go on that are held back.</summary>
    protected TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when an append is held back.</summary>
    protected TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected InterceptedLog Log { get; private set; } = null!;

    protected LoireHost Loire { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Loire = await LoireHost.Start(log: inner => Log = new InterceptedLog(inner));

    public async ValueTask DisposeAsync()
    {
        await Loire.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The next append waits for the gate, and the ones behind it do so in their order.</summary>
    protected void HoldAppends(bool thenFail = false)
    {
        var first = 0;
        Log.OnAppend = async (_, append) =>
        {
            if (Interlocked.Increment(ref first) != 1)
            {
                await Gate.Task;
                return await append();
            }

            Held.SetResult();
            await Gate.Task;
            return thenFail ? throw new StoreUnavailableException("The disk is full.") : await append();
        };
    }

    protected Task<AppendResult> AppendBehindTheGrainsBack(long expectedVersion, string type, string data) =>
        Loire.Append(new AppendRequest(
            new StreamName("account", "a-1"),
            expectedVersion,
            [new NewEvent(Guid.NewGuid(), type, 1, TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(data), EventMetadata.None)]));

    protected Task<CommandReceipt> Open(decimal balance) =>
        Loire.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Of(balance)));

    protected async Task<decimal> Balance() => (await Loire.StateOf("account", "a-1")).GetProperty("balance").GetDecimal();

    protected static AccountCommand Deposit(decimal amount) => new AccountCommand.Deposit(Money.Of(amount));

    protected static AccountCommand Withdraw(decimal amount) => new AccountCommand.Withdraw(Money.Of(amount));
}
