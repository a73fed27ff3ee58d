using System.Threading.Channels;
using Loire.EventLog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Snapshots;

/// <summary>A snapshot that is to be written.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The version it is of.</param>
/// <param name="EventId">The event at that version.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="MaxBytes">A larger state is not kept.</param>
/// <param name="Write">Gives the state.</param>
internal sealed record PendingSnapshot(
    StreamName Stream, long Version, Guid EventId, string Shape, int MaxBytes, Func<ReadOnlyMemory<byte>> Write);

/// <summary>
/// Writes snapshots one after the other, away from the grains. Grains never wait for it: what is too much is left out, and
/// what fails is told and left. The next one of the same aggregate makes up for it.
/// </summary>
internal sealed partial class SnapshotWriter(ILogger<SnapshotWriter> logger, ISnapshotStore? store = null) : BackgroundService
{
    private const int Capacity = 256;

    private readonly Channel<PendingSnapshot> _pending = Channel.CreateBounded<PendingSnapshot>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Offer(PendingSnapshot snapshot)
    {
        if (!_pending.Writer.TryWrite(snapshot))
        {
            LogLeftOut(snapshot.Stream, snapshot.Version, Capacity);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var snapshot in _pending.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Write(snapshot, store!).WaitAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e, snapshot.Stream, snapshot.Version);
            }
        }
    }

    private async Task Write(PendingSnapshot snapshot, ISnapshotStore into)
    {
        var state = snapshot.Write();
        if (state.Length > snapshot.MaxBytes)
        {
            LogTooLarge(snapshot.Stream, snapshot.Version, state.Length, snapshot.MaxBytes);
            return;
        }

        if (!await into.Save(new Snapshot(snapshot.Stream, snapshot.Version, snapshot.EventId, snapshot.Shape, state)))
        {
            LogNotKept(snapshot.Stream, snapshot.Version);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The snapshot of {Stream} at version {Version} was not written; the next one will do")]
    private partial void LogFailed(Exception e, StreamName stream, long version);

    [LoggerMessage(LogLevel.Warning, "The state of {Stream} at version {Version} takes {Bytes} bytes, more than the {Limit} of a snapshot")]
    private partial void LogTooLarge(StreamName stream, long version, int bytes, int limit);

    [LoggerMessage(LogLevel.Debug, "The snapshot of {Stream} at version {Version} was left out: {Count} are waiting")]
    private partial void LogLeftOut(StreamName stream, long version, int count);

    [LoggerMessage(LogLevel.Debug, "The snapshot of {Stream} at version {Version} was not needed: there is a newer one")]
    private partial void LogNotKept(StreamName stream, long version);
}
