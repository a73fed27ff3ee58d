using Orleans.TestingHost;

namespace Loire.Benchmarks.Soak;

/// <summary>What is on the heap after a full collection, whenever the cluster is at rest and has no idle grains.</summary>
internal sealed class MemorySeries
{
    // Before that, caches and pools fill.
    private const int WarmUp = 2;

    private readonly List<(double Minutes, double Megabytes)> _samples = [];

    /// <summary>Growth in MB per minute by least squares, without the first samples; 0 when there are too few.</summary>
    public double Slope
    {
        get
        {
            var samples = _samples.Skip(WarmUp).ToList();
            if (samples.Count < 3)
            {
                return 0;
            }

            var (time, size) = (samples.Average(s => s.Minutes), samples.Average(s => s.Megabytes));
            return samples.Sum(s => (s.Minutes - time) * (s.Megabytes - size)) / samples.Sum(s => (s.Minutes - time) * (s.Minutes - time));
        }
    }

    /// <summary>Whether the growth over the whole time is less than a tenth of what there is, or than 5 MB.</summary>
    public bool IsFlat
    {
        get
        {
            var samples = _samples.Skip(WarmUp).ToList();
            return samples.Count < 3
                || Slope * (samples[^1].Minutes - samples[0].Minutes) < Math.Max(5, samples.Average(s => s.Megabytes) / 10);
        }
    }

    public async Task<double> Sample(InProcessTestCluster cluster, TimeSpan elapsed)
    {
        await cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var megabytes = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        _samples.Add((elapsed.TotalMinutes, megabytes));
        return megabytes;
    }
}
