using System.Text.Json;
using Loire.EventLog;
using Loire.Snapshots;

namespace Loire.Aggregates;

/// <summary>Reads the states of aggregates from the store, without waking their grains.</summary>
public sealed class AggregateReader
{
    private readonly IEventLog _log;
    private readonly SnapshotRegistry _snapshots;

    internal AggregateReader(IEventLog log, SnapshotRegistry snapshots) => (_log, _snapshots) = (log, snapshots);

    /// <summary>
    /// The state after everything that is in the log now: the newest snapshot and the events after it, in one round trip. Where
    /// no snapshot can be used, all events are folded, and one is taken if it is due, for whoever comes next.
    /// </summary>
    /// <returns><see langword="null"/> if the aggregate has no events.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<AggregateReading?> Read(AggregateDefinition aggregate, string id, CancellationToken cancellation = default) =>
        aggregate.Read(new StreamName(aggregate.Name, id), _log, _snapshots, cancellation);
}

/// <summary>An aggregate as it was when it was read.</summary>
/// <param name="Version">Its version, 1 or more.</param>
/// <param name="State">Its state, as camelCase JSON.</param>
public sealed record AggregateReading(long Version, JsonElement State);
