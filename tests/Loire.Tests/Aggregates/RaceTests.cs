using Loire.Commands;
using Loire.EventLog;

namespace Loire.Tests.Aggregates;

/// <summary>Appends that fail, and others who write to the same stream.</summary>
public sealed class RaceTests : AccountTests
{
    [Fact]
    public async Task A_rejection_that_rests_on_an_append_that_then_fails_is_decided_again()
    {
        await Open(100);
        HoldAppends(thenFail: true);
        var first = Loire.Send("account", "a-1", Withdraw(100));
        await Held.Task.WaitAsync(LoireHost.Limit);
        var second = Loire.Send("account", "a-1", Withdraw(60));
        Gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await second).ShouldBeOfType<CommandResult.Accepted>();
        (await Balance()).ShouldBe(40);
    }

    [Fact]
    public async Task Commands_behind_an_append_that_fails_are_decided_again_on_what_is_there()
    {
        await Open(100);
        HoldAppends(thenFail: true);
        var first = Loire.Send("account", "a-1", Deposit(1000));
        await Held.Task.WaitAsync(LoireHost.Limit);
        var second = Loire.Send("account", "a-1", Withdraw(1050));
        var third = Loire.Send("account", "a-1", Withdraw(50));
        Gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await second).ShouldBeOfType<CommandResult.Rejected>().Code.ShouldBe("insufficient-funds");
        (await third).ShouldBeOfType<CommandResult.Accepted>();
        (await Balance()).ShouldBe(50);
    }

    [Fact]
    public async Task When_another_writer_gets_ahead_the_command_is_decided_again_on_its_events()
    {
        await Open(100);
        var ahead = 0;
        Log.OnAppend = async (request, append) =>
        {
            if (Interlocked.Increment(ref ahead) == 1)
            {
                await AppendBehindTheGrainsBack(request.ExpectedVersion, "account.withdrawn", """{"amount":80}""");
            }

            return await append();
        };

        (await Loire.Send("account", "a-1", Withdraw(50))).ShouldBeOfType<CommandResult.Rejected>().Code.ShouldBe("insufficient-funds");
        (await Balance()).ShouldBe(20);
    }

    [Fact]
    public async Task A_pipelined_append_does_not_land_on_as_many_events_of_another_writer()
    {
        await Open(100);
        var appends = 0;
        Log.OnAppend = async (request, append) =>
        {
            if (Interlocked.Increment(ref appends) != 1)
            {
                return await append();
            }

            Held.SetResult();
            await Gate.Task;
            return await append();
        };
        var first = Loire.Send("account", "a-1", Deposit(1000));
        await Held.Task.WaitAsync(LoireHost.Limit);
        await AppendBehindTheGrainsBack(1, "account.withdrawn", """{"amount":80}""");
        var second = Loire.Send("account", "a-1", Withdraw(500));
        Gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.Accepted>();
        await second;
        var balance = await Balance();
        balance.ShouldBeGreaterThanOrEqualTo(0);
        new[] { 520m, 1020m }.ShouldContain(balance);
    }

    [Fact]
    public async Task Writers_that_keep_getting_ahead_end_in_an_answer()
    {
        await Open(100);
        Log.OnAppend = (_, _) => Task.FromResult<AppendResult>(new AppendResult.Conflict(1));

        (await Loire.Send("account", "a-1", Deposit(1))).ShouldBeOfType<CommandResult.StoreUnavailable>();
    }

    [Fact]
    public async Task A_rejection_rests_on_the_log_even_if_another_activation_has_written_meanwhile()
    {
        await Open(10);
        await AppendBehindTheGrainsBack(1, "account.deposited", """{"amount":90}""");

        (await Loire.Send("account", "a-1", Withdraw(100))).ShouldBeOfType<CommandResult.Accepted>().Receipt.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_rejection_is_given_while_the_aggregate_is_written_to()
    {
        await Open(0);

        var deposits = Enumerable.Range(0, 64).Select(_ => Loire.Accepted("account", "a-1", Deposit(1)));
        var withdrawals = Enumerable.Range(0, 64).Select(_ => Loire.Send("account", "a-1", Withdraw(1000)));
        await Task.WhenAll(deposits);

        (await Task.WhenAll(withdrawals)).ShouldAllBe(answer => answer is CommandResult.Rejected);
    }
}
