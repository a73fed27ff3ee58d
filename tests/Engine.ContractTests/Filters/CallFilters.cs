using Loire.Engine.ContractTests.Calls;

namespace Loire.Engine.ContractTests.Filters;

public sealed class CallFilters
{
    [Fact]
    public async Task An_incoming_filter_sees_the_call_and_its_result()
    {
        await using var host = await TestHost.Start(silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            var signals = Signals(context);
            await context.Invoke();
            signals.Report("seen", $"{context.MethodName}({context.Request.GetArgument(0)}) = {context.Result} at {context.TargetId.Key}");
        }));
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(5);
        (await host.Signals.Next<string>("seen")).ShouldBe("Add(5) = 5 at a");
    }

    [Fact]
    public async Task An_incoming_filter_can_change_the_result()
    {
        await using var host = await TestHost.Start(silo => silo.AddIncomingGrainCallFilter(static async context =>
        {
            await context.Invoke();
            context.Result = context.Result is int sum ? sum * 10 : context.Result;
        }));
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(50);
    }

    [Fact]
    public async Task An_incoming_filter_can_change_an_exception()
    {
        await using var host = await TestHost.Start(silo => silo.AddIncomingGrainCallFilter(static async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidOperationException exception)
            {
                throw new NotSupportedException("translated: " + exception.Message, exception);
            }
        }));
        (await Should.ThrowAsync<NotSupportedException>(() => host.Grain<ICallGrain>().Fail("x"))).Message.ShouldBe("translated: x");
    }

    [Fact]
    public async Task An_incoming_filter_that_does_not_go_on_answers_the_call()
    {
        await using var host = await TestHost.Start(silo => silo.AddIncomingGrainCallFilter(static context =>
        {
            context.Result = 7;
            return Task.CompletedTask;
        }));
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(7);
    }

    [Fact]
    public async Task Incoming_filters_run_in_the_order_of_their_registration()
    {
        await using var host = await TestHost.Start(silo => silo
            .AddIncomingGrainCallFilter(static context => Report(context, "first"))
            .AddIncomingGrainCallFilter(static context => Report(context, "second")));
        await host.Grain<ICallGrain>().Add(1);
        (await host.Signals.Next<string>("filter")).ShouldBe("first");
        (await host.Signals.Next<string>("filter")).ShouldBe("second");
    }

    [Fact]
    public async Task An_incoming_filter_runs_in_a_turn_of_the_grain()
    {
        await using var host = await TestHost.Start(silo => silo.AddIncomingGrainCallFilter(static async context =>
        {
            await Task.Yield();
            Signals(context).Report("in a turn", TaskScheduler.Current != TaskScheduler.Default);
            await context.Invoke();
        }));
        await host.Grain<ICallGrain>().Add(1);
        (await host.Signals.Next<bool>("in a turn")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_outgoing_filter_sees_the_call_and_can_change_the_result()
    {
        var seen = new List<string>();
        await using var host = await TestHost.Start(silo => silo.AddOutgoingGrainCallFilter(async context =>
        {
            seen.Add($"{context.InterfaceMethod.Name} of {context.TargetId.Key}");
            await context.Invoke();
            context.Result = (int)context.Result! + 1;
        }));
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(6);
        seen.ShouldBe(["Add of a"]);
    }

    [Fact]
    public async Task An_outgoing_filter_can_add_to_the_request_context()
    {
        await using var host = await TestHost.Start(silo => silo.AddOutgoingGrainCallFilter(static context =>
        {
            RequestContext.Set("tenant", "filtered");
            return context.Invoke();
        }));
        (await host.Grain<ICallGrain>().ContextValue("tenant")).ShouldBe("filtered");
    }

    private static Signals Signals(IIncomingGrainCallContext context) =>
        (Signals)context.TargetContext.ActivationServices.GetService(typeof(Signals))!;

    private static Task Report(IIncomingGrainCallContext context, string name)
    {
        Signals(context).Report("filter", name);
        return context.Invoke();
    }
}
