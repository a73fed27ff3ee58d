using Loire.EventLog;

namespace Loire.Testing.Simulation;

/// <summary>
/// A silo's connection to the log in another process: what has been sent goes on there, whatever becomes of the silo.
/// </summary>
internal sealed class RemoteLog(IEventLog log, SimulatedProcess store) : IEventLog
{
    private readonly Queue<Action> _sent = new();
    private bool _sending;

    public long Head => log.Head;

    public Task<AppendResult> Append(AppendRequest request)
    {
        var reply = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _sent.Enqueue(() => _ = Forward(() => log.Append(request), reply));
        if (!_sending)
        {
            _sending = true;
            _ = store.Start(SendInOrder);
        }

        return reply.Task;
    }

    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default) =>
        store.Start(() => log.FindReceipt(stream, key, cancellation));

    public Task<IReadOnlyList<RecordedEvent>> Load(StreamName stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        store.Start(() => log.Load(stream, afterVersion, cancellation));

    public Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default) =>
        store.Start(() => log.ReadStream(stream, from, limit, direction, cancellation));

    public Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default) =>
        store.Start(() => log.ReadAll(after, filter, limit, cancellation));

    public Task WaitBeyond(long position, CancellationToken cancellation) => log.WaitBeyond(position, cancellation);

    private async Task SendInOrder()
    {
        while (_sent.TryDequeue(out var send))
        {
            send();
            await Task.Yield();
        }

        _sending = false;
    }

    private static async Task Forward<T>(Func<Task<T>> call, TaskCompletionSource<T> reply)
    {
        try
        {
            reply.SetResult(await call());
        }
        catch (Exception e)
        {
            reply.SetException(e);
        }
    }
}
