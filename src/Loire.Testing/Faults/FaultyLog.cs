using Loire.EventLog;

namespace Loire.Testing;

/// <summary>Any log and its snapshots, with faults. It keeps what a log promises: appends are handed on in their order.</summary>
internal sealed class FaultyLog(IEventLog log, ISnapshotStore snapshots, StoreFaults faults) : IEventLog, ISnapshotStore
{
    private readonly Lock _gate = new();
    private Task _line = Task.CompletedTask;

    public long Head => log.Head;

    public async Task<AppendResult> Append(AppendRequest request)
    {
        var operation = new StoreOperation(StoreOperationKind.Append, request.Stream.ToString());
        var handedOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            (before, _line) = (_line, handedOn.Task);
        }

        var appended = await HandOn(request, operation, before, handedOn);
        var result = await appended;
        await faults.Meet(operation, after: true, CancellationToken.None);
        return result;
    }

    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default) =>
        faults.Around(StoreOperationKind.FindReceipt, stream.ToString(), () => log.FindReceipt(stream, key, cancellation), cancellation);

    public Task<IReadOnlyList<RecordedEvent>> Load(StreamName stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        faults.Around(StoreOperationKind.Load, stream.ToString(), () => log.Load(stream, afterVersion, cancellation), cancellation);

    public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default) =>
        faults.Around(StoreOperationKind.Load, stream.ToString(), () => snapshots.Load(stream, shape, cancellation), cancellation);

    public Task<bool> Save(Snapshot snapshot) => faults.Around(
        StoreOperationKind.SaveSnapshot, snapshot.Stream.ToString(), () => snapshots.Save(snapshot), CancellationToken.None);

    public Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default) =>
        faults.Around(
            StoreOperationKind.ReadStream,
            stream.ToString(),
            () => log.ReadStream(stream, from, limit, direction, cancellation),
            cancellation);

    public Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default) =>
        faults.Around(StoreOperationKind.ReadAll, "", () => log.ReadAll(after, filter, limit, cancellation), cancellation);

    public Task WaitBeyond(long position, CancellationToken cancellation) => log.WaitBeyond(position, cancellation);

    // Each waits until the one before it has been handed on, not until it is done.
    private async Task<Task<AppendResult>> HandOn(
        AppendRequest request, StoreOperation operation, Task before, TaskCompletionSource handedOn)
    {
        try
        {
            // Whoever waits may be killed meanwhile, and must not hold up those behind.
            await before.ConfigureAwait(false);
            if (faults.Take(operation, after: false) is { } fault)
            {
                // What fails is never handed on, so nobody need wait in line while a silo is killed first.
                if (fault.IsToFail)
                {
                    handedOn.SetResult();
                }

                await fault.Happen(operation, CancellationToken.None).ConfigureAwait(false);
            }

            return log.Append(request);
        }
        finally
        {
            handedOn.TrySetResult();
        }
    }
}
