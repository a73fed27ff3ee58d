using System.Globalization;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>Finds the letters of one partition of a subscription.</summary>
internal sealed class DeadLetterReading(string queue, SubscriptionCheckpoint checkpoint, IViewStore store)
{
    private const int Page = 500;

    private string Owner => SubscriptionBatch.KeyOf(checkpoint.Name, checkpoint.Partition);

    private ViewCondition[] OfPartition =>
    [
        Is("queue", queue),
        Is("generation", checkpoint.Name),
        Is("partition", Convert.ToDecimal(checkpoint.Partition, CultureInfo.InvariantCulture)),
    ];

    public Task Define(CancellationToken cancellation) => store.Define(DeadLetter.Schema, cancellation);

    /// <summary>The first letter of each line.</summary>
    public async IAsyncEnumerable<DeadLetter> Heads(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new ViewQuery { Conditions = [Is("headOf", Owner)], Limit = Page, CountTotal = false };
        while (true)
        {
            var page = await store.Query(DeadLetter.Schema, query, cancellation);
            foreach (var document in page.Items)
            {
                yield return DeadLetterWriting.Read(document);
            }

            if (page.Next is null)
            {
                yield break;
            }

            query = query with { Cursor = page.Next };
        }
    }

    /// <summary>The first letters of an aggregate's line, in order.</summary>
    public async Task<IReadOnlyList<DeadLetter>> Line(StreamName stream, int limit, CancellationToken cancellation)
    {
        var query = new ViewQuery { Conditions = [Is("line", DeadLetter.LineOf(Owner, stream))], Limit = limit, CountTotal = false };
        return [.. (await store.Query(DeadLetter.Schema, query, cancellation)).Items.Select(DeadLetterWriting.Read)];
    }

    /// <summary>Letters of events from a position on that were set aside before an instant, oldest events first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> Before(DateTimeOffset? instant, long from, int limit, CancellationToken cancellation)
    {
        var old = instant is { } before
            ? [DeadLetter.Where("createdAt", Comparison.Less, Queries.QueryText.Text(before))]
            : Array.Empty<ViewCondition>();
        var query = DeadLetter.Within(checkpoint.Name, checkpoint.Partition, from) with { Conditions = [.. OfPartition, .. old], Limit = limit };
        return [.. (await store.Query(DeadLetter.Schema, query, cancellation)).Items.Select(DeadLetterWriting.Read)];
    }

    /// <returns><see langword="null"/> if it is not there, or not of this partition.</returns>
    public async Task<DeadLetter?> Find(string id, CancellationToken cancellation) =>
        await store.Find(DeadLetter.Schema, id, cancellation) is { } document
        && DeadLetterWriting.Read(document) is var letter
        && letter.Id == DeadLetter.IdOf(checkpoint.Name, checkpoint.Partition, letter.Position)
            ? letter
            : null;

    private static ViewCondition Is(string field, object value) => DeadLetter.Where(field, Comparison.Equal, value);
}
