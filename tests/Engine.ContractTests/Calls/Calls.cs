namespace Loire.Engine.ContractTests.Calls;

public sealed class Calls
{
    [Fact]
    public async Task A_call_brings_arguments_there_and_the_result_back()
    {
        await using var host = await TestHost.Start();
        var money = new Money(12.5m, "EUR");
        (await host.Grain<ICallGrain>().Echo(money)).ShouldBe(money);
    }

    [Fact]
    public async Task Value_task_methods_are_called_like_others()
    {
        await using var host = await TestHost.Start();
        await host.Grain<ICallGrain>().Touch();
        (await host.Grain<ICallGrain>().Add(3)).ShouldBe(3);
        (await host.Grain<ICallGrain>().Add(4)).ShouldBe(7);
    }

    [Fact]
    public async Task References_can_be_passed_in_calls()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<ICallGrain>().KeyOf(host.Grain<ICallGrain>("other"))).ShouldBe("other");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_reaches_the_caller_with_type_and_message(bool later)
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => later ? grain.FailLater("out of stock") : grain.Fail("out of stock"));
        failure.Message.ShouldBe("out of stock");
        failure.StackTrace!.ShouldContain(nameof(CallGrain));
    }

    [Fact]
    public async Task A_grain_goes_on_after_an_exception()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        await Should.ThrowAsync<InvalidOperationException>(() => grain.Fail("once"));
        (await grain.Add(1)).ShouldBe(1);
    }

    [Fact]
    public async Task A_one_way_call_does_not_wait_and_does_not_fail()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        var busy = grain.WaitFor("go");
        await grain.Notify("notified", fail: true);
        host.Signals.IsSet("notified").ShouldBeFalse();
        host.Signals.Set("go");
        await busy;
        await host.Signals.Wait("notified");
        (await grain.Add(1)).ShouldBe(1);
    }

    [Fact]
    public async Task Awaits_of_a_grain_come_back_to_its_scheduler()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<ICallGrain>().RunsOnItsScheduler()).ShouldBeTrue();
    }

    [Fact]
    public async Task Task_Run_and_ConfigureAwait_leave_the_scheduler()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<ICallGrain>().LeavesItsScheduler()).ShouldBeTrue();
    }

    [Fact]
    public async Task Calls_from_many_callers_never_overlap()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        var calls = Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await grain.Add(1);
            }
        }));
        await Task.WhenAll(calls);
        (await grain.Add(0)).ShouldBe(64 * 500);
    }

    [Fact]
    public async Task Calls_of_one_caller_to_an_active_grain_arrive_in_order()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        await grain.Touch();
        var results = Enumerable.Range(0, 1_000).Select(_ => grain.Add(1).AsTask()).ToList();
        (await Task.WhenAll(results)).ShouldBe(Enumerable.Range(1, 1_000));
    }

    [Fact]
    public async Task A_call_without_a_reply_times_out_and_goes_on()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        await Should.ThrowAsync<TimeoutException>(() => grain.WaitShortly("late"));
        host.Signals.Set("late");
        (await grain.Add(1)).ShouldBe(1);
    }

    [Fact]
    public async Task The_time_out_of_all_calls_is_an_option()
    {
        await using var host = await TestHost.Start(silo => silo.Configure<Orleans.Configuration.SiloMessagingOptions>(
            options => options.ResponseTimeout = TimeSpan.FromMilliseconds(300)));
        await Should.ThrowAsync<TimeoutException>(() => host.Grain<ICallGrain>().WaitFor("never"));
        host.Signals.Set("never");
    }

    [Fact]
    public async Task A_call_chain_may_come_back_where_the_grain_allows_it()
    {
        await using var host = await TestHost.Start();
        var self = host.Grain<ICallGrain>();
        RequestContext.Set("any", "thing");
        (await self.CallBackReentrantly(host.Grain<ICallGrain>("b"), self)).ShouldBe("thing");
    }
}
