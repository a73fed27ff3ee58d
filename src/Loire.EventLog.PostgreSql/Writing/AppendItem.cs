using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>An append on its way through the writer.</summary>
internal sealed class AppendItem(AppendRequest request, long bytes) : QueueItem
{
    // Whoever awaits goes on elsewhere, and does not keep the writer.
    private readonly TaskCompletionSource<AppendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendRequest Request => request;

    public Task<AppendResult> Task => _done.Task;

    public override int Rows => request.Events.Count + (request.Key is null ? 0 : 1);

    public override long Bytes => bytes;

    public override bool Urgent => true;

    /// <summary>It was sent, and nobody knows whether it was committed.</summary>
    public bool InDoubt { get; set; }

    public void Complete(AppendResult result) => _done.TrySetResult(result);

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    /// <summary>What became of it, as the function <c>loire.append</c> tells.</summary>
    public AppendResult Read(NpgsqlDataReader row) => row.GetString(0) switch
    {
        "appended" => new AppendResult.Appended(
            new Receipt(request.Stream, row.GetInt64(1), row.GetInt64(2), ReceiptEvents()), Replayed: false),
        "conflict" => new AppendResult.Conflict(row.GetInt64(1)),
        "reused" => AppendResult.KeyReused.Instance,
        "replayed" => Replay(Receipts.Read(row, request.Stream, 1)),
        var other => throw new InvalidOperationException($"An append came to '{other}'."),
    };

    // When the reply was lost and the append sent again, the receipt may be its own.
    private AppendResult.Appended Replay(Receipt receipt)
    {
        var own = receipt.Events.Count > 0 && request.Events.Count > 0 && receipt.Events[0].EventId == request.Events[0].EventId;
        return new AppendResult.Appended(receipt, Replayed: !own);
    }

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
