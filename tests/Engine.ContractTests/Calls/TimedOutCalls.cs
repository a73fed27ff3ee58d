using Orleans.Configuration;

namespace Loire.Engine.ContractTests.Calls;

/// <summary>What becomes of a callee whose caller has waited for too long.</summary>
public sealed class TimedOutCalls
{
    [Fact]
    public async Task A_callee_goes_on_when_its_caller_waits_no_longer()
    {
        await using var host = await TestHost.Start();
        var caller = host.Grain<ICancelGrain>("caller");
        await Should.ThrowAsync<TimeoutException>(() => caller.LingerAt(host.Grain<ICancelGrain>("callee"), "work"));
        host.Signals.Set("work");
        (await host.Signals.Next<bool>("lingered")).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_it_is_asked_for_the_callee_is_cancelled()
    {
        await using var host = await TestHost.Start(
            silo => silo.Configure<SiloMessagingOptions>(options => options.CancelRequestOnTimeout = true));
        var caller = host.Grain<ICancelGrain>("caller");
        await Should.ThrowAsync<TimeoutException>(() => caller.LingerAt(host.Grain<ICancelGrain>("callee"), "work"));
        (await host.Signals.Next<bool>("lingered")).ShouldBeTrue();
    }
}
