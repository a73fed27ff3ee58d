using Loire.DeadLetters;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>The events that a generation of a view lacks because they could not be handled: it has dead letters of them.</summary>
internal sealed class SetAsideEvents(Generation live, IViewStore store)
{
    private const int Max = 100_000;
    private const int PageSize = 1_000;

    /// <summary>How often something was decided about them.</summary>
    public async Task<long> Decided(CancellationToken cancellation) => (await Task.WhenAll(
        Enumerable.Range(0, live.Partitions).Select(p => store.Checkpoint(Amendment.CounterOf(live.Queue), p, cancellation)))).Sum();

    /// <exception cref="InvalidOperationException">There are too many to compare anything.</exception>
    public async Task<HashSet<(int Partition, long Position)>> Read(CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        var events = new HashSet<(int Partition, long Position)>();
        var query = GenerationLetters.Of(live.Queue, live.CheckpointName) with { Limit = PageSize };
        do
        {
            var page = await store.Query(DeadLetter.Schema, query, cancellation);
            events.UnionWith(page.Items.Select(DeadLetterWriting.Read).Select(letter => (letter.Partition, letter.Position)));
            if (events.Count > Max)
            {
                throw new InvalidOperationException($"The view has set aside more than {Max} events.");
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return events;
    }
}
