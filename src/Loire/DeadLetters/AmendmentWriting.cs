using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>Writes down what was decided about dead letters of one partition, in the commit that does it.</summary>
internal sealed class AmendmentWriting(SubscriptionDefinition subscription, SubscriptionCheckpoint checkpoint, IViewStore store, TimeProvider time)
{
    private string Counter => Amendment.CounterOf(subscription.Name);

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
        var records = letters.Select((letter, i) => Put(Amendment.Of(letter, subscription.Partitions, last + 1 + i, now, handled)));
        await checkpoint.Stay(
            [.. changes, .. records], new CheckpointMove(Counter, checkpoint.Partition, last, last + letters.Count));
    }

    public static Amendment Read(ViewDocument document) =>
        JsonSerializer.Deserialize<Amendment>(document.Json.Span, LoireJson.Stored)
        ?? throw new JsonException($"The amendment {document.Id} is null.");

    private static DocumentChange Put(Amendment amendment) => new DocumentChange.Put(
        Amendment.Schema, amendment.Id, JsonSerializer.SerializeToUtf8Bytes(amendment, LoireJson.Stored));
}
