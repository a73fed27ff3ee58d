using System.Text.Json;
using Loire.EventLog;
using Microsoft.Extensions.Logging;

namespace Loire.Snapshots;

/// <summary>The snapshots of one stream, for the journal of its grain: where to begin, and when to take the next one.</summary>
internal sealed partial class StreamSnapshots<TView>(
    StreamName stream,
    SnapshotFormat<TView> format,
    SnapshotOptions options,
    ISnapshotStore store,
    SnapshotWriter writer,
    TimeProvider time,
    ILogger logger)
    where TView : class
{
    // No snapshot has it, for shapes are hexadecimal digits.
    private const string NoShape = "none";

    private long _version;
    private long? _takenAt;

    /// <summary>Loads the stream. A snapshot that cannot be used is told and left aside: then all events come.</summary>
    public async Task<(Restored<TView>? From, IReadOnlyList<RecordedEvent> Events)> Load(CancellationToken cancellation = default)
    {
        var loaded = await store.Load(stream, format.Shape, cancellation);
        if (loaded.Misfit is { } misfit)
        {
            LogMisfit(stream, misfit.Version, misfit.EventId);
        }

        if (loaded.Snapshot is not { } snapshot)
        {
            return (null, loaded.Events);
        }

        try
        {
            var view = format.Restore(snapshot.State);
            _version = snapshot.Version;
            return (new Restored<TView>(view, snapshot.Version, snapshot.EventId, loaded.Position), loaded.Events);
        }
        catch (JsonException e)
        {
            LogUnreadable(e, stream, snapshot.Version);
            return (null, (await store.Load(stream, NoShape, cancellation)).Events);
        }
    }

    /// <summary>
    /// Takes a snapshot if one is due. To be called when everything up to a version is on disk; the view is what that came to.
    /// </summary>
    public void Offer(TView view, long version, Guid eventId)
    {
        if (version - _version < options.Every || (_takenAt is { } at && time.GetElapsedTime(at) < options.MinInterval))
        {
            return;
        }

        // Whatever becomes of it, the next one is due when it would be after this one.
        (_version, _takenAt) = (version, time.GetTimestamp());
        writer.Offer(new PendingSnapshot(stream, version, eventId, format.Shape, options.MaxBytes, format.Capture(view)));
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The snapshot of {Stream} at version {Version} names the event {EventId}, which is not there; the state is folded from the start")]
    private partial void LogMisfit(StreamName stream, long version, Guid eventId);

    [LoggerMessage(
        LogLevel.Warning, "The snapshot of {Stream} at version {Version} cannot be read; the state is folded from the start")]
    private partial void LogUnreadable(Exception e, StreamName stream, long version);
}

/// <summary>A view that was made from a snapshot.</summary>
/// <param name="View">The view.</param>
/// <param name="Version">The version that it stands at.</param>
/// <param name="EventId">The event at that version.</param>
/// <param name="Position">The position of that event.</param>
internal sealed record Restored<TView>(TView View, long Version, Guid EventId, long Position);
