namespace Loire.Engine.ContractTests.Activation;

public sealed class Endings
{
    [Fact]
    public async Task Calls_that_wait_are_answered_by_the_next_activation_when_one_ends_while_it_begins()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IBriefGrain>();
        var calls = Enumerable.Range(0, 3).Select(_ => grain.Incarnation()).ToList();
        await host.Signals.Wait("activating");
        host.Signals.Set("go on");
        (await Task.WhenAll(calls)).Distinct().Count().ShouldBe(1);
        (await grain.Incarnation()).ShouldBe(await calls[0]);
    }

    [Fact]
    public async Task A_constructor_that_fails_fails_the_call_and_the_next_call_tries_again()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IUnmakeableGrain>();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => grain.Incarnation());
        failure.Message.ShouldContain(nameof(UnmakeableGrain));
        failure.InnerException.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("cannot be made");
        host.Signals.Set("repaired");
        await grain.Incarnation();
    }

    [Fact]
    public async Task A_grain_that_fails_to_end_is_gone_all_the_same()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IClumsyGrain>();
        var first = await grain.Incarnation();
        await grain.End();
        (await grain.Incarnation()).ShouldNotBe(first);
        host.Signals.IsSet("ended").ShouldBeTrue();
    }

    [Fact]
    public async Task A_grain_is_disposed_of_after_it_was_deactivated()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IDisposableGrain>().End();
        (await host.Signals.Next<string>("step")).ShouldBe("deactivated");
        (await host.Signals.Next<string>("step")).ShouldBe("disposed");
    }

    [Fact]
    public async Task The_stages_of_a_life_start_in_order_and_stop_in_reverse()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IStagedGrain>().End();
        foreach (var step in (string[])["start early", "start late", "activated", "deactivated", "stop late", "stop early"])
        {
            (await host.Signals.Next<string>("step")).ShouldBe(step);
        }
    }
}
