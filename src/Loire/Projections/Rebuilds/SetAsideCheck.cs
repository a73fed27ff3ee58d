using System.Globalization;
using System.Runtime.CompilerServices;
using Loire.DeadLetters;
using Loire.EventLog.Views;
using Loire.Subscriptions;

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
        return await Count(OfNext(next), cancellation);
    }

    /// <summary>What <see cref="Complaint"/> will rest on; to be asked for before it.</summary>
    public async Task<ComparedLetters> Basis(Generation live, int next, CancellationToken cancellation)
    {
        var filled = NameOf(next);
        var (here, there) = (await Changes(live.CheckpointName, live.Partitions), await Changes(filled, projection.Partitions));
        var reached = await Each(live.Partitions, partition => store.Checkpoint(live.CheckpointName, partition, cancellation));
        var upto = await Each(projection.Partitions, async partition => Math.Min(
            await store.Checkpoint(filled, partition, cancellation),
            PartitionsOf(live, partition).Min(p => ClosedCheckpoint.PositionOf(reached[p]))));
        return new ComparedLetters($"{here} {there}", [.. upto]);

        async Task<string> Changes(string name, int partitions) =>
            $"{name}:{string.Join(',', await Each(partitions, p => SubscriptionCheckpoint.Changes(name, p, store, cancellation)))}";
    }

    /// <summary>
    /// Compares what failed event by event, whatever the numbers are. Those that wait behind others need no comparison: where the
    /// first of a line has waited or failed before, all that is behind it did. Nor do those that the view has not come to yet.
    /// </summary>
    /// <param name="live">What people read.</param>
    /// <param name="next">What is to take over.</param>
    /// <param name="compared">What was compared before without a complaint, if anything was: as far as it still is so, that is not done again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Why the generation should not take over by itself; <see langword="null"/> if it may.</returns>
    public async Task<string?> Complaint(Generation live, int next, ComparedLetters? compared, CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);

        // Before the letters: those of events up to here are there.
        var reached = await Each(live.Partitions, partition => store.Checkpoint(live.CheckpointName, partition, cancellation));
        var holds = compared is not null && compared.Changes == (await Basis(live, next, cancellation)).Changes;
        var worse = 0;
        DeadLetter? first = null;
        for (var partition = 0; partition < projection.Partitions; partition++)
        {
            var from = holds ? compared!.Upto[partition] + 1 : 0;
            await foreach (var letter in Worse(live, reached, next, partition, from, cancellation))
            {
                worse++;
                first = first is null || letter.Position < first.Position ? letter : first;
            }
        }

        return first is null ? null : Say(await Count(Failed(next), cancellation), worse, first);
    }

    private async IAsyncEnumerable<DeadLetter> Worse(
        Generation live, long[] reached, int next, int partition, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var range = DeadLetter.Within(NameOf(next), partition, from);
        var query = Failed(next) with { IdFrom = range.IdFrom, IdTo = range.IdTo, Limit = PageSize };
        do
        {
            var page = await store.Query(DeadLetter.Schema, query, cancellation);
            foreach (var letters in page.Items.Select(DeadLetterWriting.Read).Chunk(Together))
            {
                var isWorse = await Task.WhenAll(letters.Select(letter => IsWorse(letter, live, reached, cancellation)));
                foreach (var letter in letters.Where((_, i) => isWorse[i]))
                {
                    yield return letter;
                }
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
    }

    // The view had handled the event, or gone on without it. Where it was divided otherwise, any partition of it counts.
    private async Task<bool> IsWorse(DeadLetter letter, Generation live, long[] reached, CancellationToken cancellation)
    {
        var partitions = PartitionsOf(live, letter.Partition);
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

    private int[] PartitionsOf(Generation live, int partition) =>
        live.Partitions == projection.Partitions ? [partition] : [.. Enumerable.Range(0, live.Partitions)];

    private static string Say(long failed, int worse, DeadLetter first) => string.Create(
        CultureInfo.InvariantCulture,
        $"{worse} of the {failed} events that cannot be handled could be when the view was filled before. The first is event {first.Position} ({first.EventId}, {first.Type}, {first.Stream} version {first.Version}): {first.Error} Resume the rebuild with deadLetters=accept, or cancel it.");

    private async Task<long> Count(ViewQuery letters, CancellationToken cancellation) =>
        (await store.Query(DeadLetter.Schema, letters with { Limit = 1, CountTotal = true }, cancellation)).Total!.Value;

    private static Task<long[]> Each(int partitions, Func<int, Task<long>> read) =>
        Task.WhenAll(Enumerable.Range(0, partitions).Select(read));

    private ViewQuery OfNext(int next) => GenerationLetters.Of(projection.View.StoreName, NameOf(next));

    private ViewQuery Failed(int next)
    {
        var all = OfNext(next);
        var notWaiting = DeadLetter.Where("state", Comparison.NotEqual, DeadLetter.NameOf(DeadLetterState.Waiting));
        return all with { Conditions = [.. all.Conditions, notWaiting] };
    }

    private string NameOf(int next) => projection.View.InGeneration(next).StoreName;
}
