namespace Loire.Engine.ContractTests.Calls;

public sealed class Cancellation
{
    [Fact]
    public async Task A_cancelled_token_reaches_the_callee()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICancelGrain>().Answer("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        await host.Signals.Wait("ended work");
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_caller_that_cancels_does_not_wait_for_the_callee()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICancelGrain>().Ignore("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        host.Signals.IsSet("ended work").ShouldBeFalse();
        host.Signals.Set("work");
        await host.Signals.Wait("ended work");
    }

    [Fact]
    public async Task A_cancelled_call_tells_which_token_it_was()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICancelGrain>().Answer("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(cancellation.Token);
    }

    [Fact]
    public async Task A_call_whose_token_is_cancelled_before_does_not_begin()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICancelGrain>();
        await grain.IsCancelled(CancellationToken.None);
        await Should.ThrowAsync<OperationCanceledException>(() => grain.Ignore("work", new CancellationToken(canceled: true)));
        await grain.IsCancelled(CancellationToken.None);
        host.Signals.IsSet("began work").ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_holds_up_no_other()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICancelGrain>();
        var holding = grain.Hold("release");
        await host.Signals.Wait("holding");
        using var cancellation = new CancellationTokenSource();
        var waiting = grain.Answer("work", cancellation.Token);
        var next = grain.IsCancelled(CancellationToken.None);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        host.Signals.Set("release");
        await holding;

        // The cancellation may come after the grain is free: then the call begins, and ends with its token.
        await next;
    }

    [Fact]
    public async Task Cancelling_after_the_end_changes_nothing()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        host.Signals.Set("work");
        var call = host.Grain<ICancelGrain>().Ignore("work", cancellation.Token);
        (await call).ShouldBe("done");
        await cancellation.CancelAsync();
        (await call).ShouldBe("done");
    }

    [Fact]
    public async Task A_token_goes_on_from_grain_to_grain()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICancelGrain>().Pass(host.Grain<ICancelGrain>("b"), "work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        await host.Signals.Wait("ended work");
        await Should.ThrowAsync<OperationCanceledException>(() => call.AsTask());
    }

    [Fact]
    public async Task What_is_registered_with_the_token_runs_in_a_turn_of_the_callee()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICancelGrain>().Register("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        (await host.Signals.Next<bool>("work")).ShouldBeTrue();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_grain_goes_on_after_a_cancelled_call()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var grain = host.Grain<ICancelGrain>();
        var call = grain.Swallow("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        (await grain.IsCancelled(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_grain_is_not_free_before_the_cancelled_call_has_ended()
    {
        await using var host = await TestHost.Start();
        using var cancellation = new CancellationTokenSource();
        var grain = host.Grain<ICancelGrain>();
        var call = grain.Ignore("work", cancellation.Token);
        await host.Signals.Wait("began work");
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        var next = grain.Hold("next");
        host.Signals.Set("next");
        host.Signals.IsSet("holding").ShouldBeFalse();
        host.Signals.Set("work");
        await next;
        host.Signals.IsSet("ended work").ShouldBeTrue();
    }
}
