using Microsoft.Extensions.DependencyInjection;
using Orleans.EventSourcing;

namespace Loire.Engine.ContractTests.Journals;

public sealed class JournaledGrains
{
    [Fact]
    public async Task Events_that_are_confirmed_make_the_state()
    {
        await using var host = await Start();
        (await host.Grain<IAccountGrain>().Deposit(10)).ShouldBe(1);
        (await host.Grain<IAccountGrain>().Deposit(5)).ShouldBe(2);
        (await host.Grain<IAccountGrain>().Balance()).ShouldBe(15);
        (await host.Grain<IAccountGrain>().Events()).ShouldBe(2);
    }

    [Fact]
    public async Task Events_that_are_not_confirmed_count_for_the_tentative_state_only()
    {
        await using var host = await Start();
        (await host.Grain<IAccountGrain>().DepositUnconfirmed(10)).ShouldBe("0 10 1");
    }

    [Fact]
    public async Task The_log_is_read_before_the_grain_is_activated()
    {
        await using var host = await Start();
        var grain = host.Grain<IAccountGrain>();
        await grain.Deposit(10);
        (await host.Signals.Next<int>("version at activation")).ShouldBe(0);
        await grain.End();
        (await grain.Balance()).ShouldBe(10);
        (await host.Signals.Next<int>("version at activation")).ShouldBe(1);
    }

    [Fact]
    public async Task A_conditional_event_is_not_raised_when_the_log_has_moved_on()
    {
        await using var host = await Start();
        var grain = host.Grain<IAccountGrain>();
        (await grain.DepositUnlessMoved(10)).ShouldBeTrue();
        AppendElsewhere(host, 1);
        (await grain.DepositUnlessMoved(100)).ShouldBeFalse();
        (await grain.Balance()).ShouldBe(11);
        (await grain.DepositUnlessMoved(100)).ShouldBeTrue();
    }

    [Fact]
    public async Task Refreshing_gets_what_others_have_appended()
    {
        await using var host = await Start();
        var grain = host.Grain<IAccountGrain>();
        await grain.Deposit(10);
        AppendElsewhere(host, 1);
        (await grain.Balance()).ShouldBe(10);
        await grain.Refresh();
        (await grain.Balance()).ShouldBe(11);
    }

    [Fact]
    public async Task The_grain_is_told_when_its_state_changes()
    {
        await using var host = await Start();
        await host.Grain<IAccountGrain>().Deposit(10);
        int balance;
        while ((balance = await host.Signals.Next<int>("state")) == 0)
        {
            // Reading the log changes the state too, and how often that is done is not agreed.
        }

        balance.ShouldBe(10);
    }

    private static void AppendElsewhere(TestHost host, int amount) =>
        ((MemoryLogs)host.Services.GetRequiredKeyedService<ILogViewAdaptorFactory>("memory"))
            .AppendElsewhere(GrainId.Create("account", "a"), new Deposited(amount));

    private static Task<TestHost> Start() => TestHost.Start(silo =>
    {
#if ORLEANS
        // Adding any provider is what adds the services that journaled grains need.
        silo.AddLogStorageBasedLogConsistencyProvider("unused");
#endif
        silo.Services.AddKeyedSingleton<ILogViewAdaptorFactory>("memory", new MemoryLogs());
    });
}
