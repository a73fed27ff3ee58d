using Loire.Engine.ContractTests.Calls;

namespace Loire.Engine.ContractTests.Filters;

public sealed class IncomingFilters
{
    [Fact]
    public async Task An_incoming_filter_sees_the_call_and_its_result()
    {
        await using var host = await Start(async context =>
        {
            var signals = Signals(context);
            await context.Invoke();
            signals.Report("seen", $"{context.MethodName}({context.Request.GetArgument(0)}) = {context.Result} at {context.TargetId.Key}");
        });
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(5);
        (await host.Signals.Next<string>("seen")).ShouldBe("Add(5) = 5 at a");
    }

    [Fact]
    public async Task An_incoming_filter_sees_the_method_of_the_interface_and_of_the_class()
    {
        await using var host = await Start(static context =>
        {
            Signals(context).Report("seen", $"{context.InterfaceMethod.DeclaringType!.Name} {context.ImplementationMethod.DeclaringType!.Name}");
            return context.Invoke();
        });
        await host.Grain<ICallGrain>().Add(5);
        (await host.Signals.Next<string>("seen")).ShouldBe("ICallGrain CallGrain");
    }

    [Fact]
    public async Task An_incoming_filter_knows_which_grain_calls()
    {
        await using var host = await Start(static context =>
        {
            Signals(context).Report("source", context.SourceId?.Key.ToString());
            return context.Invoke();
        });
        await host.Grain<ICallGrain>("caller").ContextValueThrough("any", host.Grain<ICallGrain>("callee"));
        await host.Signals.Next<string>("source");
        (await host.Signals.Next<string>("source")).ShouldBe("caller");
    }

    [Fact]
    public async Task An_incoming_filter_can_change_the_result()
    {
        await using var host = await Start(static async context =>
        {
            await context.Invoke();
            context.Result = context.Result is int sum ? sum * 10 : context.Result;
        });
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(50);
    }

    [Fact]
    public async Task An_incoming_filter_can_change_an_argument()
    {
        await using var host = await Start(static context =>
        {
            context.Request.SetArgument(0, 8);
            return context.Invoke();
        });
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(8);
    }

    [Fact]
    public async Task An_incoming_filter_can_change_an_exception()
    {
        await using var host = await Start(static async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (InvalidOperationException exception)
            {
                throw new NotSupportedException("translated: " + exception.Message, exception);
            }
        });
        (await Should.ThrowAsync<NotSupportedException>(() => host.Grain<ICallGrain>().Fail("x"))).Message.ShouldBe("translated: x");
    }

    [Fact]
    public async Task An_incoming_filter_that_throws_keeps_the_call_from_the_grain()
    {
        await using var host = await Start(static context =>
            context.Request.GetArgument(0) is 5 ? throw new UnauthorizedAccessException("no") : context.Invoke());
        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.Grain<ICallGrain>().Add(5).AsTask());
        (await host.Grain<ICallGrain>().Add(1)).ShouldBe(1);
    }

    [Fact]
    public async Task An_incoming_filter_that_does_not_go_on_answers_the_call()
    {
        await using var host = await Start(static context =>
        {
            context.Result = 7;
            return Task.CompletedTask;
        });
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(7);
    }

    [Fact]
    public async Task Incoming_filters_run_in_the_order_of_their_registration_and_the_grain_s_own_comes_last()
    {
        await using var host = await TestHost.Start(silo => silo
            .AddIncomingGrainCallFilter(OfCalls<IGuardedGrain>(static context => Report(context, "first")))
            .AddIncomingGrainCallFilter(OfCalls<IGuardedGrain>(static context => Report(context, "second"))));
        await host.Grain<IGuardedGrain>().Enter();
        (await host.Signals.Next<string>("filter")).ShouldBe("first");
        (await host.Signals.Next<string>("filter")).ShouldBe("second");
        (await host.Signals.Next<string>("filter")).ShouldBe("own");
    }

    [Fact]
    public async Task A_grain_filters_its_own_calls()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IGuardedGrain>().Enter();
        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.Grain<IGuardedGrain>().Trespass());
        host.Signals.IsSet("trespassed").ShouldBeFalse();
    }

    [Fact]
    public async Task An_incoming_filter_runs_in_a_turn_of_the_grain()
    {
        await using var host = await Start(static async context =>
        {
            await Task.Yield();
            Signals(context).Report("in a turn", TaskScheduler.Current != TaskScheduler.Default);
            await context.Invoke();
        });
        await host.Grain<ICallGrain>().Add(1);
        (await host.Signals.Next<bool>("in a turn")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_incoming_filter_can_call_grains()
    {
        // On a thread of its own, because a filter that cannot be made may keep the host from starting.
        var starting = Task.Run(() => TestHost.Start(silo => silo.AddIncomingGrainCallFilter<Asking>()), TestContext.Current.CancellationToken);
        await using var host = await starting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        (await host.Grain<ICallGrain>("asks").Add(5)).ShouldBe(8);
        (await host.Grain<ICallGrain>("other").Add(0)).ShouldBe(3);
    }

    private static Task<TestHost> Start(IncomingGrainCallFilterDelegate filter) =>
        TestHost.Start(silo => silo.AddIncomingGrainCallFilter(OfCalls<ICallGrain>(filter)));

    // An engine may make calls of its own, which are no concern of a test.
    private static IncomingGrainCallFilterDelegate OfCalls<T>(IncomingGrainCallFilterDelegate filter) =>
        context => context.InterfaceMethod.DeclaringType == typeof(T) ? filter(context) : context.Invoke();

    private static Signals Signals(IIncomingGrainCallContext context) =>
        (Signals)context.TargetContext.ActivationServices.GetService(typeof(Signals))!;

    private static Task Report(IIncomingGrainCallContext context, string name)
    {
        Signals(context).Report("filter", name);
        return context.Invoke();
    }

    private sealed class Asking(IGrainFactory grains) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.TargetId.Key.ToString() == "asks")
            {
                context.Result = (int)context.Result! + await grains.GetGrain<ICallGrain>("other").Add(3);
            }
        }
    }
}
