using System.Globalization;
using Loire.DeadLetters;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Whether what is to take over could handle what the live generation can.</summary>
internal sealed class SetAsideCheck(Projection projection, IViewStore store)
{
    /// <summary>How many events a generation that is being filled has set aside, those that wait behind others included.</summary>
    public async Task<long> Count(int next, CancellationToken cancellation) =>
        (await Query(OfNext(next), cancellation)).Total;

    /// <summary>
    /// Compares the events that could not be handled, without those that wait behind them: as many of them as aggregates are held
    /// back, and those that were skipped.
    /// </summary>
    /// <returns>Why the generation should not take over by itself; <see langword="null"/> if it may.</returns>
    public async Task<string?> Complaint(Generation live, int next, CancellationToken cancellation)
    {
        var failed = await Query([.. OfNext(next), NotWaiting], cancellation);
        var before = await Query(
            [.. GenerationLetters.Of($"{live.Main.Name}@{live.Version}", live.CheckpointName), NotWaiting], cancellation);

        // Where an event goes to all partitions it may fail in each of them, however many there are.
        if (failed.Total * live.Partitions <= before.Total * projection.Partitions)
        {
            return null;
        }

        var first = DeadLetterWriting.Read(failed.Items[0]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{failed.Total} events cannot be handled, and {before.Total} when the view was filled before. The first is event {first.Position} ({first.Type}, {first.Stream} version {first.Version}): {first.Error} Resume the rebuild with deadLetters=accept, or cancel it.");
    }

    private static ViewCondition NotWaiting => DeadLetter.Where("state", Comparison.NotEqual, DeadLetter.NameOf(DeadLetterState.Waiting));

    private ViewCondition[] OfNext(int next) =>
        GenerationLetters.Of(projection.View.StoreName, projection.View.InGeneration(next).StoreName);

    private async Task<ViewPage> Query(ViewCondition[] conditions, CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        return await store.Query(DeadLetter.Schema, new ViewQuery { Conditions = conditions, Limit = 1 }, cancellation);
    }
}
