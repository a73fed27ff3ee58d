namespace Loire.Engine.ContractTests.Calls;

public sealed class RequestContexts
{
    [Fact]
    public async Task Values_flow_to_the_callee()
    {
        await using var host = await TestHost.Start();
        RequestContext.Set("tenant", "north");
        (await host.Grain<ICallGrain>().ContextValue("tenant")).ShouldBe("north");
        RequestContext.Clear();
        (await host.Grain<ICallGrain>().ContextValue("tenant")).ShouldBeNull();
    }

    [Fact]
    public async Task Values_flow_on_from_grain_to_grain()
    {
        await using var host = await TestHost.Start();
        RequestContext.Set("tenant", "north");
        (await host.Grain<ICallGrain>().ContextValueThrough("tenant", host.Grain<ICallGrain>("b"))).ShouldBe("north");
    }

    [Fact]
    public async Task Values_do_not_leak_back_to_the_caller()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<ICallGrain>().SetContextValue("tenant", "south")).ShouldBe("south");
        RequestContext.Get("tenant").ShouldBeNull();
    }

    [Fact]
    public async Task Values_do_not_leak_into_the_next_call()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        var calls = Enumerable.Range(0, 50).Select(_ => (grain.SetContextValue("tenant", "south"), grain.ContextValue("tenant"))).ToList();
        foreach (var (set, read) in calls)
        {
            (await set).ShouldBe("south");
            (await read).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Other_async_locals_do_not_flow()
    {
        await using var host = await TestHost.Start();
        CallGrain.Local.Value = 42;
        (await host.Grain<ICallGrain>().ReadAsyncLocal()).ShouldBe(0);
    }
}
