namespace Loire.Engine.ContractTests.Calls;

public sealed class Interleaving
{
    [Fact]
    public async Task A_call_waits_until_the_one_before_has_ended()
    {
        await using var host = await TestHost.Start();
        var grain = Meeting(host);
        var first = grain.Enter("first");
        await host.Signals.Wait("entered first");
        var second = grain.Enter("second");
        host.Signals.Set("second");
        host.Signals.IsSet("entered second").ShouldBeFalse();
        host.Signals.Set("first");
        await Task.WhenAll(first, second);
        (await grain.MostAtOnce()).ShouldBe(1);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_interleave()
    {
        await using var host = await TestHost.Start();
        await BothInside(host, host.Grain<IReentrantMeetingGrain>(), (g, s) => g.Enter(s), "second");
    }

    [Fact]
    public async Task Calls_of_an_always_interleaving_method_run_beside_any_other()
    {
        await using var host = await TestHost.Start();
        await BothInside(host, Meeting(host), (g, s) => g.EnterBeside(s), "second");
    }

    [Fact]
    public async Task An_always_interleaving_call_overtakes_calls_that_wait()
    {
        await using var host = await TestHost.Start();
        var grain = Meeting(host);
        var first = grain.Enter("first");
        await host.Signals.Wait("entered first");
        var waiting = grain.Enter("waiting");
        var beside = grain.EnterBeside("beside");
        await host.Signals.Wait("entered beside");
        host.Signals.IsSet("entered waiting").ShouldBeFalse();
        Release(host, "first", "waiting", "beside");
        await Task.WhenAll(first, waiting, beside);
    }

    [Fact]
    public async Task An_interleaving_call_that_waits_does_not_hold_up_ordinary_ones()
    {
        await using var host = await TestHost.Start();
        await BothInside(host, Meeting(host), (g, s) => g.Enter(s), "second", (g, s) => g.EnterBeside(s));
    }

    [Fact]
    public async Task Ordinary_calls_exclude_each_other_beside_an_interleaving_one()
    {
        await using var host = await TestHost.Start();
        var grain = Meeting(host);
        var beside = grain.EnterBeside("beside");
        await host.Signals.Wait("entered beside");
        var first = grain.Enter("first");
        await host.Signals.Wait("entered first");
        var second = grain.Enter("second");
        Release(host, "second");
        host.Signals.IsSet("entered second").ShouldBeFalse();
        Release(host, "first");
        await Task.WhenAll(first, second);
        Release(host, "beside");
        await beside;
        (await grain.MostAtOnce()).ShouldBe(2);
    }

    [Fact]
    public async Task A_predicate_says_which_calls_interleave()
    {
        await using var host = await TestHost.Start();
        await BothInside(host, host.Grain<IChoosyMeetingGrain>(), (g, s) => g.Enter(s), "guest");
    }

    [Fact]
    public async Task Calls_that_the_predicate_refuses_wait()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChoosyMeetingGrain>();
        var first = grain.Enter("first");
        await host.Signals.Wait("entered first");
        var stranger = grain.Enter("stranger");
        var guest = grain.Enter("guest");
        await host.Signals.Wait("entered guest");
        host.Signals.IsSet("entered stranger").ShouldBeFalse();
        Release(host, "first", "stranger", "guest");
        await Task.WhenAll(first, stranger, guest);
    }

    [Fact]
    public async Task Read_only_calls_interleave_with_each_other()
    {
        await using var host = await TestHost.Start();
        var grain = Meeting(host);
        var first = grain.Read("first");
        var second = grain.Read("second");
        await host.Signals.Wait("entered first");
        await host.Signals.Wait("entered second");
        Release(host, "first", "second");
        await Task.WhenAll(first, second);
        (await grain.MostAtOnce()).ShouldBe(2);
    }

    [Fact]
    public async Task Read_only_calls_do_not_interleave_with_others()
    {
        await using var host = await TestHost.Start();
        var grain = Meeting(host);
        var write = grain.Enter("write");
        await host.Signals.Wait("entered write");
        var read = grain.Read("read");
        Release(host, "read");
        host.Signals.IsSet("entered read").ShouldBeFalse();
        Release(host, "write");
        await Task.WhenAll(write, read);
        (await grain.MostAtOnce()).ShouldBe(1);
    }

    private static IMeetingGrain Meeting(TestHost host) =>
        host.Client.GetGrain<IMeetingGrain>(GrainId.Create("exclusive-meeting", "a"));

    private static async Task BothInside(
        TestHost host,
        IMeetingGrain grain,
        Func<IMeetingGrain, string, Task> enter,
        string name,
        Func<IMeetingGrain, string, Task>? enterFirst = null)
    {
        var first = enterFirst is null ? grain.Enter("first") : enterFirst(grain, "first");
        await host.Signals.Wait("entered first");
        var second = enter(grain, name);
        await host.Signals.Wait("entered " + name);
        Release(host, "first", name);
        await Task.WhenAll(first, second);
        (await grain.MostAtOnce()).ShouldBe(2);
    }

    private static void Release(TestHost host, params string[] signals) => Array.ForEach(signals, host.Signals.Set);
}
