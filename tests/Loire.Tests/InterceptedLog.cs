using Loire.EventLog;

namespace Loire.Tests;

/// <summary>A log whose appends a test can hold back, fail, or have somebody else get ahead of.</summary>
public sealed class InterceptedLog(IEventLog inner) : IEventLog
{
    /// <summary>Called for each append in place of it; the second argument carries it out.</summary>
    public Func<AppendRequest, Func<Task<AppendResult>>, Task<AppendResult>> OnAppend { get; set; } = (_, append) => append();

    public long Head => inner.Head;

    public Task<AppendResult> Append(AppendRequest request) => OnAppend(request, () => inner.Append(request));

    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default) =>
        inner.FindReceipt(stream, key, cancellation);

    public Task<IReadOnlyList<RecordedEvent>> Load(StreamName stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        inner.Load(stream, afterVersion, cancellation);

    public Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default) =>
        inner.ReadStream(stream, from, limit, direction, cancellation);

    public Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default) =>
        inner.ReadAll(after, filter, limit, cancellation);

    public Task WaitBeyond(long position, CancellationToken cancellation) => inner.WaitBeyond(position, cancellation);
}
