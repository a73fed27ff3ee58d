using System.Collections.Immutable;

namespace Loire.Monitoring;

/// <summary>
/// Knows how the subscriptions of all silos do, so that nobody needs to ask them. There is one, with key 0; after a restart it
/// has learnt everything again within seconds.
/// </summary>
[Alias("loire.subscription-monitor")]
public interface ISubscriptionMonitorGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what a silo has found.</summary>
    [Alias("report")]
    Task Report(ImmutableArray<PartitionReading> readings);

    [Alias("read")]
    Task<MonitorReading> Read();
}

/// <summary>All that the monitor knows.</summary>
/// <param name="Age">For how long it has been listening.</param>
/// <param name="Partitions">The partitions it has heard of, their ages as of now.</param>
[GenerateSerializer, Immutable, Alias("loire.monitor-reading")]
public sealed record MonitorReading(
    [property: Id(0)] TimeSpan Age, [property: Id(1)] ImmutableArray<MonitoredPartition> Partitions);

/// <param name="Reading">The newest reading.</param>
/// <param name="Rate">Events per second that it handles, over the last ten seconds or so.</param>
[GenerateSerializer, Immutable, Alias("loire.monitored-partition")]
public sealed record MonitoredPartition([property: Id(0)] PartitionReading Reading, [property: Id(1)] double Rate);
