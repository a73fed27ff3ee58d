using System.Collections.Concurrent;
using Loire.EventLog;

namespace Loire.Tests.Snapshots;

/// <summary>A snapshot store that a test can watch, hold back and fail.</summary>
public sealed class InterceptedSnapshots(ISnapshotStore inner) : ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly List<(Func<Snapshot, bool> Wanted, TaskCompletionSource<Snapshot> Found)> _waiting = [];

    /// <summary>Called for each write in place of it; the second argument carries it out.</summary>
    public Func<Snapshot, Func<Snapshot, Task<bool>>, Task<bool>> OnSave { get; set; } = (snapshot, save) => save(snapshot);

    /// <summary>Changes what a load gives.</summary>
    public Func<LoadedStream, Task<LoadedStream>> OnLoad { get; set; } = Task.FromResult;

    /// <summary>What was kept, in order.</summary>
    public ConcurrentQueue<Snapshot> Kept { get; } = [];

    /// <summary>What was loaded, in order.</summary>
    public ConcurrentQueue<LoadedStream> Loads { get; } = [];

    public async Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default)
    {
        var loaded = await OnLoad(await inner.Load(stream, shape, cancellation));
        Loads.Enqueue(loaded);
        return loaded;
    }

    public async Task<bool> Save(Snapshot snapshot)
    {
        var kept = await OnSave(snapshot, inner.Save);
        if (kept)
        {
            Report(snapshot);
        }

        return kept;
    }

    /// <summary>Completes when a snapshot has been kept that is as it should be.</summary>
    public Task<Snapshot> Until(Func<Snapshot, bool> wanted)
    {
        lock (_gate)
        {
            if (Kept.FirstOrDefault(wanted) is { } found)
            {
                return Task.FromResult(found);
            }

            var waiting = new TaskCompletionSource<Snapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, waiting));
            return waiting.Task.WaitAsync(LoireHost.Limit);
        }
    }

    private void Report(Snapshot snapshot)
    {
        lock (_gate)
        {
            Kept.Enqueue(snapshot);
            foreach (var (wanted, found) in _waiting)
            {
                if (wanted(snapshot))
                {
                    found.TrySetResult(snapshot);
                }
            }
        }
    }
}
