namespace Loire.EventLog.Sqlite;

/// <summary>An append on its way through the writer.</summary>
internal sealed class AppendItem(AppendRequest request, long bytes) : WriteItem<AppendResult>
{
    private AppendResult? _outcome;

    public override int Rows => request.Events.Count + (request.Key is null ? 0 : 1);

    public override long Bytes => bytes;

    public override bool Urgent => true;

    protected override AppendResult Outcome => _outcome!;

    /// <summary>Checks before it writes, so that a refusal leaves nothing to undo.</summary>
    public override void Carry(WriterSession session) =>
        _outcome = Replay(session) ?? Conflict(session) ?? Append(session);

    public override bool? IsOnDisk(Connection connection)
    {
        if (_outcome is not AppendResult.Appended { Replayed: false })
        {
            return null;
        }

        return request.Events.Count > 0
            ? EventTable.Holds(connection, request.Stream, request.ExpectedVersion + 1, request.Events[0].EventId)
            : request.Key is null
                ? null
                : ReceiptTable.Find(connection, request.Stream, request.Key, now: long.MinValue) is AppendResult.Appended;
    }

    private AppendResult? Replay(WriterSession session) =>
        request.Key is null ? null : ReceiptTable.Find(session.Connection, request.Stream, request.Key, session.Now);

    private AppendResult? Conflict(WriterSession session)
    {
        var tail = Tail(session);
        return tail.Version == request.ExpectedVersion && (request.ExpectedEventId ?? tail.EventId) == tail.EventId
            ? null
            : new AppendResult.Conflict(tail.Version);
    }

    private StreamTail Tail(WriterSession session)
    {
        if (!session.Tails.TryGet(request.Stream, out var tail))
        {
            tail = EventTable.Tail(session.Connection, request.Stream);
            session.Tails.Set(request.Stream, tail);
        }

        return tail;
    }

    private AppendResult Append(WriterSession session)
    {
        var version = request.ExpectedVersion + request.Events.Count;
        if (request.Events.Count > 0)
        {
            EventTable.Insert(session.Connection, request, session.Head);
            session.Head += request.Events.Count;
            session.Tails.Set(request.Stream, new StreamTail(version, request.Events[^1].EventId));
        }

        var receipt = new Receipt(request.Stream, version, LastPosition(session), ReceiptEvents());
        if (request.Key is { } key)
        {
            ReceiptTable.Insert(session.Connection, key, receipt);
        }

        return new AppendResult.Appended(receipt, Replayed: false);
    }

    private long LastPosition(WriterSession session) =>
        request.Events.Count > 0
            ? session.Head
            : EventTable.Position(session.Connection, request.Stream, request.ExpectedVersion);

    private ReceiptEvent[] ReceiptEvents()
    {
        var events = new ReceiptEvent[request.Events.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = new ReceiptEvent(request.Events[i].EventId, request.Events[i].Type, request.ExpectedVersion + i + 1);
        }

        return events;
    }
}
