using System.Globalization;
using Loire.DeadLetters;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Whether what is to take over could handle what the live generation can.</summary>
internal sealed class SetAsideCheck(Projection projection, IViewStore store)
{
    private const int PageSize = 1_000;
    private const int Together = 20;

    /// <summary>How many events a generation that is being filled has set aside, those that wait behind others included.</summary>
    public async Task<long> Count(int next, CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        return (await store.Query(DeadLetter.Schema, OfNext(next) with { Limit = 1, CountTotal = true }, cancellation)).Total!.Value;
    }

    /// <summary>
    /// Compares what failed event by event, whatever the numbers are. Those that wait behind others need no comparison: where the
    /// first of a line has waited or failed before, all that is behind it did. Nor do those that the view has not come to yet.
    /// </summary>
    /// <returns>Why the generation should not take over by itself; <see langword="null"/> if it may.</returns>
    public async Task<string?> Complaint(Generation live, int next, CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);

        // Before the letters: those of events up to here are there.
        var reached = await Task.WhenAll(Enumerable.Range(0, live.Partitions).Select(p => store.Checkpoint(live.CheckpointName, p, cancellation)));
        var all = OfNext(next);
        var query = all with { Conditions = [.. all.Conditions, NotWaiting], Limit = PageSize };
        var (failed, worse) = (0, 0);
        DeadLetter? first = null;
        do
        {
            var page = await store.Query(DeadLetter.Schema, query, cancellation);
            foreach (var letters in page.Items.Select(DeadLetterWriting.Read).Chunk(Together))
            {
                var isWorse = await Task.WhenAll(letters.Select(letter => IsWorse(letter, live, reached, cancellation)));
                foreach (var letter in letters.Where((_, i) => isWorse[i]))
                {
                    worse++;
                    first = first is null || letter.Position < first.Position ? letter : first;
                }
            }

            failed += page.Items.Count;
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return first is null ? null : Say(failed, worse, first);
    }

    // The view had handled the event, or gone on without it. Where it was divided otherwise, any partition of it counts.
    private async Task<bool> IsWorse(DeadLetter letter, Generation live, long[] reached, CancellationToken cancellation)
    {
        int[] partitions = live.Partitions == projection.Partitions ? [letter.Partition] : [.. Enumerable.Range(0, live.Partitions)];
        foreach (var partition in partitions)
        {
            var id = DeadLetter.IdOf(live.CheckpointName, partition, letter.Position);
            if (await store.Find(DeadLetter.Schema, id, cancellation) is { } document
                && (letter.HeadOf is null || DeadLetterWriting.Read(document).State != DeadLetterState.Skipped))
            {
                return false;
            }
        }

        return partitions.Any(partition => ClosedCheckpoint.PositionOf(reached[partition]) >= letter.Position);
    }

    private static string Say(int failed, int worse, DeadLetter first) => string.Create(
        CultureInfo.InvariantCulture,
        $"{worse} of the {failed} events that cannot be handled could be when the view was filled before. The first is event {first.Position} ({first.EventId}, {first.Type}, {first.Stream} version {first.Version}): {first.Error} Resume the rebuild with deadLetters=accept, or cancel it.");

    private static ViewCondition NotWaiting => DeadLetter.Where("state", Comparison.NotEqual, DeadLetter.NameOf(DeadLetterState.Waiting));

    private ViewQuery OfNext(int next) =>
        GenerationLetters.Of(projection.View.StoreName, projection.View.InGeneration(next).StoreName);
}
