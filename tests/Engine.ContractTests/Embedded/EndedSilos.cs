#if !ORLEANS
using System.Runtime.CompilerServices;
using Loire.Engine.ContractTests.Clusters;

namespace Loire.Engine.ContractTests.Embedded;

public sealed class EndedSilos
{
    private const int Ends = 12;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_keeps_a_silo_that_has_ended_in_memory(bool killed)
    {
        await using var silos = await TestSilos.Start(3, silo => silo.AddMemoryStreams("memory"), client => client.AddMemoryStreams("memory"));
        var ended = new List<WeakReference>();
        for (var i = 0; i < Ends; i++)
        {
            ended.Add(await EndOne(silos, killed));
        }

        // What runs at this moment may hold the last one.
        for (var attempt = 0; attempt < 50 && ended.Count(silo => silo.IsAlive) > 1; attempt++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        ended.Count(silo => silo.IsAlive).ShouldBeLessThanOrEqualTo(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> EndOne(TestSilos silos, bool killed)
    {
        var silo = silos.Cluster.Silos[0];
        await Use(silos);
        if (killed)
        {
            // Calls that are under way are nothing to stay for either.
            using var over = new CancellationTokenSource();
            var underWay = Task.WhenAll(Enumerable.Range(0, 8).Select(i => silos.Grain($"{silo.Name}-{i}").NeverEnd(over.Token)));
            await silos.Kill(silo);
            await over.CancelAsync();
            await underWay.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        }

        await silos.Cluster.RestartSiloAsync(silo);
        await Use(silos);
        return new WeakReference(silo.ServiceProvider);
    }

    private static async Task Use(TestSilos silos)
    {
        var stream = silos.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k"));
        await stream.OnNextAsync(1);
        await silos.Signals.Next<int>("k");
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => silos.Grain($"g{i}").Add(1)));
    }
}
#endif
