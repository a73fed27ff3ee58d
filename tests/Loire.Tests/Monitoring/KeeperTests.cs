using Commerce;
using Loire.Projections;
using Loire.Subscriptions;
using Loire.Tests.Projections;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Loire.Tests.Monitoring;

/// <summary>Services that keep grains going do not wait for an answer when their silo stops.</summary>
public sealed class KeeperTests
{
    [Theory]
    [InlineData("RelayKeeper", typeof(ILogRelayGrain))]
    [InlineData("TimerKeeper", typeof(ITimerGrain))]
    [InlineData("RebuildKeeper", typeof(IRebuildGrain))]
    public async Task A_keeper_stops_while_its_grain_does_not_answer(string keeper, Type grain)
    {
        var silence = new Silence(grain);
        await using var accounts = await RebuildCluster.Start(
            loire: l => l.AddCommerce().Services.AddSingleton<IIncomingGrainCallFilter>(silence));

        // What is left of it is dropped two seconds later, so until then its grain is woken again and again.
        await accounts.Rebuilt();
        silence.Begin();
        await silence.Asked.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);
        var service = accounts.Cluster.Services.GetServices<IHostedService>().Single(s => s.GetType().Name == keeper);
        accounts.Cluster.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        try
        {
            // Less than what a grain call may take.
            await service.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
        finally
        {
            silence.End();
        }
    }

    private sealed class Silence(Type grain) : IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _begun;

        public Task Asked => _asked.Task;

        public void Begin() => _begun = true;

        public void End() => _over.SetResult();

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (_begun && context.InterfaceMethod.DeclaringType == grain && context.MethodName is "Heartbeat" or "Wake")
            {
                _asked.TrySetResult();
                await _over.Task;
            }

            await context.Invoke();
        }
    }
}
