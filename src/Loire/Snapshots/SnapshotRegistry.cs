using System.Collections.Concurrent;
using Loire.Aggregates;
using Loire.EventLog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Snapshots;

/// <summary>What the aggregate types have in the way of snapshots.</summary>
internal sealed partial class SnapshotRegistry(
    AggregateRegistry aggregates,
    IOptionsMonitor<SnapshotOptions> options,
    SnapshotWriter writer,
    TimeProvider time,
    ILogger<SnapshotRegistry> logger,
    ISnapshotStore? store = null) : IHostedService
{
    private readonly ConcurrentDictionary<string, object?> _formats = new(StringComparer.Ordinal);

    /// <summary>The snapshots of one stream; <see langword="null"/> if it has none.</summary>
    public StreamSnapshots<TView>? Of<TView>(StreamName stream)
        where TView : class =>
        store is not null && FormatOf(stream.Aggregate) is SnapshotFormat<TView> format
            ? new StreamSnapshots<TView>(stream, format, options.Get(stream.Aggregate), store, writer, time, logger)
            : null;

    /// <summary>Checks the options of all aggregate types, and says of which there will be no snapshots.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var aggregate in store is null ? [] : aggregates.Names)
        {
            FormatOf(aggregate);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private object? FormatOf(string aggregate) => _formats.GetOrAdd(
        aggregate,
        name => aggregates.TryGet(name, out var definition) && options.Get(name) is { Every: > 0 } wanted ? Make(definition, wanted) : null);

    private object? Make(AggregateDefinition definition, SnapshotOptions wanted)
    {
        try
        {
            return definition.SnapshotFormat(wanted.RulesVersion);
        }
        catch (NotSupportedException e)
        {
            LogNone(definition.Name, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "There are no snapshots of {Aggregate}: they could not carry all of its state. {Reason}")]
    private partial void LogNone(string aggregate, string reason);
}
