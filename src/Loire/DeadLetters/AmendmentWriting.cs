using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>Writes down what was decided about dead letters of one partition, in the commit that does it.</summary>
/// <param name="queue">The subscription.</param>
/// <param name="partitions">How many partitions it has; 0 if that is not known.</param>
/// <param name="checkpoint">Where the partition stands.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class AmendmentWriting(string queue, int partitions, SubscriptionCheckpoint checkpoint, IViewStore store, TimeProvider time)
{
    private string Counter => Amendment.CounterOf(queue);

    public Task Define(CancellationToken cancellation) => store.Define(Amendment.Schema, cancellation);

    /// <summary>Commits changes of letters together with the record of what was decided.</summary>
    /// <param name="letters">The letters.</param>
    /// <param name="handled">Whether their events are to be handled, with the payloads of the letters.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellation">Ends it, before anything is committed.</param>
    /// <exception cref="CheckpointMovedException">The checkpoint is not where it was left.</exception>
    public async Task Stay(
        IReadOnlyList<DeadLetter> letters, bool handled, IReadOnlyList<DocumentChange> changes, CancellationToken cancellation)
    {
        var last = await store.Checkpoint(Counter, checkpoint.Partition, cancellation);
        var now = time.GetUtcNow();
        var records = letters.Select((letter, i) => Put(Amendment.Of(letter, partitions, last + 1 + i, now, handled)));
        await checkpoint.Stay(
            [.. changes, .. records], new CheckpointMove(Counter, checkpoint.Partition, last, last + letters.Count));
    }

    /// <summary>Takes back what was decided about an event. It changes nothing that has been handled.</summary>
    /// <returns><see langword="false"/> if nothing was decided about it in this partition.</returns>
    /// <exception cref="CheckpointMovedException">The checkpoint is not where it was left.</exception>
    public async Task<bool> Withdraw(long position, string? by, CancellationToken cancellation)
    {
        var last = await store.Checkpoint(Counter, checkpoint.Partition, cancellation);
        var known = new Amendments(queue, checkpoint.Partition, partitions, generation: "", store);
        if (await known.Newest(position, cancellation) is not { IsWithdrawal: false } decided)
        {
            return false;
        }

        var withdrawn = decided with
        {
            Id = Amendment.IdOf(decided.Reader, position, queue, checkpoint.Partition, last + 1),
            Queue = queue,
            Generation = "",
            Partition = checkpoint.Partition,
            Partitions = partitions,
            Number = last + 1,
            Data = decided.OriginalData,
            By = by,
            At = time.GetUtcNow(),
        };
        await checkpoint.Stay([Put(withdrawn)], new CheckpointMove(Counter, checkpoint.Partition, last, last + 1));
        return true;
    }

    public static Amendment Read(ViewDocument document) =>
        JsonSerializer.Deserialize<Amendment>(document.Json.Span, LoireJson.Stored)
        ?? throw new JsonException($"The amendment {document.Id} is null.");

    private static DocumentChange Put(Amendment amendment) => new DocumentChange.Put(
        Amendment.Schema, amendment.Id, JsonSerializer.SerializeToUtf8Bytes(amendment, LoireJson.Stored));
}
