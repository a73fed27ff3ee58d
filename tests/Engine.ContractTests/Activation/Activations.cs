using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Loire.Engine.ContractTests.Activation;

public sealed class Activations
{
    [Fact]
    public async Task The_first_call_activates_the_grain()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<ILifeGrain>().Incarnation()).ShouldNotBe("not activated");
        (await host.Signals.Next<string>("activated")).ShouldBe("a");
    }

    [Fact]
    public async Task A_grain_has_one_activation_however_many_call_it_at_once()
    {
        await using var host = await TestHost.Start();
        var calls = Enumerable.Range(0, 100).Select(_ => Task.Run(() => host.Grain<ILifeGrain>().Incarnation()));
        (await Task.WhenAll(calls)).Distinct().Count().ShouldBe(1);
        host.Signals.Count("activated").ShouldBe(1);
    }

    [Fact]
    public async Task A_grain_that_asks_for_it_is_deactivated()
    {
        await using var host = await TestHost.Start();
        var first = await host.Grain<ILifeGrain>().Incarnation();
        await host.Grain<ILifeGrain>().End();
        (await host.Signals.Next<DeactivationReasonCode>("deactivated")).ShouldBe(DeactivationReasonCode.ApplicationRequested);
        (await host.Grain<ILifeGrain>().Incarnation()).ShouldNotBe(first);
    }

    [Fact]
    public async Task A_call_during_deactivation_is_served_by_the_next_activation()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ILifeGrain>("slow");
        var first = await grain.Incarnation();
        await grain.End();
        await host.Signals.Wait("deactivating");
        var call = grain.Incarnation();
        host.Signals.Set("go on");
        (await call).ShouldNotBe(first);
    }

    [Fact]
    public async Task Deactivation_waits_for_the_calls_that_run()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ILifeGrain>();
        var first = await grain.Incarnation();
        var running = grain.EndAfter("finish");
        await host.Signals.Wait("asked for the end");
        var waiting = grain.Incarnation();
        host.Signals.IsSet("deactivating").ShouldBeFalse();
        host.Signals.Set("finish");
        await running;
        (await waiting).ShouldNotBe(first);
    }

    [Fact]
    public async Task A_failed_activation_fails_the_calls_that_wait_and_the_next_call_tries_again()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IFailingGrain>();
        var calls = Enumerable.Range(0, 3).Select(_ => grain.Hello()).ToList();
        foreach (var call in calls)
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => call)).Message.ShouldBe("cannot start");
        }

        host.Signals.Set("repaired");
        (await grain.Hello()).ShouldBe("hello");
    }

    [Fact]
    public async Task An_idle_grain_is_collected()
    {
        await using var host = await TestHost.Start(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromSeconds(1.1);
            options.CollectionQuantum = TimeSpan.FromSeconds(1);
        }));
        await host.Grain<ILifeGrain>().Incarnation();
        (await host.Signals.Next<DeactivationReasonCode>("deactivated")).ShouldBe(DeactivationReasonCode.ActivationIdle);
    }

    [Fact]
    public async Task All_grains_are_deactivated_when_the_host_stops()
    {
        await using var host = await TestHost.Start();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.Grain<ILifeGrain>($"{i}").Incarnation()));
        await host.Stop();
        for (var i = 0; i < 20; i++)
        {
            (await host.Signals.Next<DeactivationReasonCode>("deactivated")).ShouldBe(DeactivationReasonCode.ShuttingDown);
        }
    }

    [Fact]
    public async Task A_constructor_gets_its_context_services_and_state()
    {
        await using var host = await TestHost.Start(WithStorage);
        (await host.Grain<IInjectedGrain>("world").What()).ShouldBe("hello world");
    }

    [Fact]
    public async Task Persistent_state_outlives_an_activation()
    {
        await using var host = await TestHost.Start(WithStorage);
        var grain = host.Grain<IInjectedGrain>();
        (await grain.Count()).ShouldBe(1);
        await grain.End();
        (await grain.Count()).ShouldBe(2);
    }

    private static void WithStorage(ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorageAsDefault();
        silo.Services.AddKeyedSingleton("greeting", "hello");
    }
}
