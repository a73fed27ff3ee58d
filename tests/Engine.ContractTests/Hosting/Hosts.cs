using Loire.Engine.ContractTests.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Engine.ContractTests.Hosting;

public sealed class Hosts
{
    [Fact]
    public async Task A_startup_task_can_call_grains()
    {
        var sum = 0;
        await using var host = await TestHost.Start(silo => silo.AddStartupTask(async (services, _) =>
            sum = await services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>("start").Add(3)));
        sum.ShouldBe(3);
    }

    [Fact]
    public async Task A_failing_startup_task_fails_the_start() =>
        await Should.ThrowAsync<InvalidOperationException>(() => TestHost.Start(
            silo => silo.AddStartupTask(static (_, _) => throw new InvalidOperationException("no"))));

    [Fact]
    public async Task A_stopped_host_refuses_calls()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICallGrain>();
        await host.Stop();
        await Should.ThrowAsync<SiloUnavailableException>(() => grain.KeyOf(grain));
    }
}
