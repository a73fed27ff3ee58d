using Loire.EventLog;

namespace Loire.Testing;

/// <summary>The events and receipts of a storage. To be used under its lock.</summary>
internal sealed class InMemoryEvents
{
    private static readonly List<RecordedEvent> Empty = [];

    private readonly List<RecordedEvent> _log = [];
    private readonly Dictionary<StreamName, List<RecordedEvent>> _streams = [];
    private readonly Dictionary<(StreamName Stream, string Key), (IdempotencyKey Key, Receipt Receipt)> _receipts = [];

    public long Head => _log.Count;

    /// <summary>The events of a stream: version 1 is the first.</summary>
    public IReadOnlyList<RecordedEvent> Stream(StreamName name) => _streams.GetValueOrDefault(name, Empty);

    /// <summary>The events of a stream after a version.</summary>
    public IReadOnlyList<RecordedEvent> Stream(StreamName name, long after)
    {
        var stream = _streams.GetValueOrDefault(name, Empty);
        var start = (int)Math.Clamp(after, 0, stream.Count);
        return stream.GetRange(start, stream.Count - start);
    }

    public AppendResult Append(AppendRequest request, DateTimeOffset now) =>
        (request.Key is null ? null : FindReceipt(request.Stream, request.Key, now)) ?? Conflict(request) ?? Add(request);

    public AppendResult? FindReceipt(StreamName stream, IdempotencyKey key, DateTimeOffset now)
    {
        if (!_receipts.TryGetValue((stream, key.Value), out var kept) || kept.Key.ExpiresAt <= now)
        {
            return null;
        }

        return kept.Key.Fingerprint.Span.SequenceEqual(key.Fingerprint.Span)
            ? new AppendResult.Appended(kept.Receipt, Replayed: true)
            : AppendResult.KeyReused.Instance;
    }

    public LogPage Page(long after, LogFilter filter, int limit)
    {
        List<RecordedEvent> events = [];
        for (var i = (int)Math.Clamp(after, 0, _log.Count); i < _log.Count && events.Count < limit; i++)
        {
            if (filter.Matches(_log[i]))
            {
                events.Add(_log[i]);
            }
        }

        var through = events.Count == limit ? events[^1].Position : Math.Max(after, Head);
        return new LogPage(events, through, Head);
    }

    private AppendResult? Conflict(AppendRequest request)
    {
        var stream = Stream(request.Stream);
        var last = stream.Count == 0 ? (Guid?)null : stream[^1].EventId;
        return stream.Count == request.ExpectedVersion && (request.ExpectedEventId ?? last) == last
            ? null
            : new AppendResult.Conflict(stream.Count);
    }

    private AppendResult.Appended Add(AppendRequest request)
    {
        var recorded = request.Events.Select((e, i) => Record(request, e, i)).ToList();
        if (recorded.Count > 0)
        {
            _log.AddRange(recorded);
            _streams.TryAdd(request.Stream, []);
            _streams[request.Stream].AddRange(recorded);
        }

        var stream = Stream(request.Stream);
        var receipt = new Receipt(
            request.Stream,
            stream.Count,
            stream.Count == 0 ? 0 : stream[^1].Position,
            [.. recorded.Select(e => new ReceiptEvent(e.EventId, e.Type, e.Version))]);
        if (request.Key is { } key)
        {
            _receipts[(request.Stream, key.Value)] = (key with { Fingerprint = key.Fingerprint.ToArray() }, receipt);
        }

        return new AppendResult.Appended(receipt, Replayed: false);
    }

    // Copies the data, so that nobody who still holds the request can change what was appended.
    private RecordedEvent Record(AppendRequest request, NewEvent e, int index) => new(
        Head + index + 1,
        e.EventId,
        request.Stream,
        request.ExpectedVersion + index + 1,
        e.Type,
        e.SchemaVersion,
        ToMicroseconds(e.OccurredAt),
        e.Data.ToArray(),
        e.Metadata);

    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
