using Loire.Engine.ContractTests.Calls;

namespace Loire.Engine.ContractTests.Filters;

public sealed class OutgoingFilters
{
    [Fact]
    public async Task An_outgoing_filter_sees_the_call_and_can_change_the_result()
    {
        var seen = new List<string>();
        await using var host = await Start(async context =>
        {
            seen.Add($"{context.InterfaceMethod.Name} of {context.TargetId.Key}");
            await context.Invoke();
            context.Result = (int)context.Result! + 1;
        });
        (await host.Grain<ICallGrain>().Add(5)).ShouldBe(6);
        seen.ShouldBe(["Add of a"]);
    }

    [Fact]
    public async Task An_outgoing_filter_sees_the_exception_of_the_call()
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
    public async Task An_outgoing_filter_can_add_to_the_request_context()
    {
        await using var host = await Start(static context =>
        {
            RequestContext.Set("tenant", "filtered");
            return context.Invoke();
        });
        (await host.Grain<ICallGrain>().ContextValue("tenant")).ShouldBe("filtered");
    }

    [Fact]
    public async Task An_outgoing_filter_can_call_grains()
    {
        var starting = Task.Run(() => TestHost.Start(silo => silo.AddOutgoingGrainCallFilter<Asking>()), TestContext.Current.CancellationToken);
        await using var host = await starting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        (await host.Grain<ICallGrain>("asks").Add(5)).ShouldBe(8);
        (await host.Grain<ICallGrain>("other").Add(0)).ShouldBe(3);
    }

    private static Task<TestHost> Start(OutgoingGrainCallFilterDelegate filter) =>
        TestHost.Start(silo => silo.AddOutgoingGrainCallFilter(
            context => context.InterfaceMethod.DeclaringType == typeof(ICallGrain) ? filter(context) : context.Invoke()));

    private sealed class Asking(IGrainFactory grains) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            await context.Invoke();
            if (context.TargetId.Key.ToString() == "asks")
            {
                context.Result = (int)context.Result! + await grains.GetGrain<ICallGrain>("other").Add(3);
            }
        }
    }
}
