using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;

namespace Loire.Tests.Aggregates;

public sealed class ConflictTests
{
    [Fact]
    public async Task Commands_that_wait_for_a_reload_are_decided_again_when_the_first_of_them_meets_the_next_conflict()
    {
        InterceptedLog log = null!;
        await using var loire = await LoireHost.Start(log: inner => log = new InterceptedLog(inner));
        await loire.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Of(0)));
        var conflicts = 6;
        log.OnAppend = (request, append) => Interlocked.Decrement(ref conflicts) >= 0
            ? Task.FromResult<AppendResult>(new AppendResult.Conflict(request.ExpectedVersion))
            : append();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => loire.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)))));

        (await loire.StateOf("account", "a-1")).GetProperty("balance").GetDecimal().ShouldBe(16);
    }
}
