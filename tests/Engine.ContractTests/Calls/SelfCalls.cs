using Orleans.Concurrency;
using Orleans.Configuration;

namespace Loire.Engine.ContractTests.Calls;

public interface ISelfGrain : IGrainWithStringKey
{
    Task<string> CallItself();

    Task<string> CallItselfAllowed();

    Task<string> CallThrough(ISelfGrain other);

    Task<string> CallBack(ISelfGrain caller);

    Task<ISelfGrain> Itself();

    Task<string> Name();
}

public interface IReentrantSelfGrain : ISelfGrain;

public abstract class SelfGrain : Grain
{
    public async Task<string> CallItself() => await this.AsReference<ISelfGrain>().Name();

    public async Task<string> CallItselfAllowed()
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        return await this.AsReference<ISelfGrain>().Name();
    }

    public async Task<string> CallThrough(ISelfGrain other) => await other.CallBack(this.AsReference<ISelfGrain>());

    public Task<string> CallBack(ISelfGrain caller) => caller.Name();

    public Task<ISelfGrain> Itself() => Task.FromResult(this.AsReference<ISelfGrain>());

    public Task<string> Name() => Task.FromResult(this.GetPrimaryKeyString());
}

[GrainType("exclusive-self")]
public sealed class ExclusiveSelfGrain : SelfGrain, ISelfGrain;

[Reentrant]
public sealed class ReentrantSelfGrain : SelfGrain, IReentrantSelfGrain;

public sealed class SelfCalls
{
    [Fact]
    public async Task A_reentrant_grain_can_call_itself()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<IReentrantSelfGrain>().CallItself()).ShouldBe("a");
    }

    [Fact]
    public async Task A_reentrant_grain_can_be_called_back()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<IReentrantSelfGrain>().CallThrough(Exclusive(host, "b"))).ShouldBe("a");
    }

    [Fact]
    public async Task A_grain_that_allows_it_can_call_itself()
    {
        await using var host = await TestHost.Start();
        (await Exclusive(host, "a").CallItselfAllowed()).ShouldBe("a");
    }

    [Fact]
    public async Task A_grain_that_waits_for_itself_times_out_and_goes_on()
    {
        await using var host = await StartWithShortTimeouts();
        await Should.ThrowAsync<TimeoutException>(() => Exclusive(host, "a").CallItself());
        (await Exclusive(host, "a").Name()).ShouldBe("a");
    }

    [Fact]
    public async Task Grains_that_wait_for_each_other_time_out_and_go_on()
    {
        await using var host = await StartWithShortTimeouts();
        await Should.ThrowAsync<TimeoutException>(() => Exclusive(host, "a").CallThrough(Exclusive(host, "b")));
        (await Exclusive(host, "a").Name()).ShouldBe("a");
        (await Exclusive(host, "b").Name()).ShouldBe("b");
    }

    [Fact]
    public async Task A_grain_gives_out_references_to_itself()
    {
        await using var host = await TestHost.Start();
        var grain = Exclusive(host, "a");
        var itself = await grain.Itself();
        itself.ShouldBe(grain);
        (await itself.Name()).ShouldBe("a");
    }

    private static ISelfGrain Exclusive(TestHost host, string key) =>
        host.Client.GetGrain<ISelfGrain>(GrainId.Create("exclusive-self", key));

    private static Task<TestHost> StartWithShortTimeouts() => TestHost.Start(silo => silo.Configure<SiloMessagingOptions>(
        options => options.ResponseTimeout = TimeSpan.FromMilliseconds(500)));
}
