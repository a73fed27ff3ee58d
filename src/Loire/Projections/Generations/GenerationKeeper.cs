using Loire.EventLog.Views;
using Microsoft.Extensions.Logging;

namespace Loire.Projections;

/// <summary>Makes room for new generations of a view, and drops those that nobody reads any more.</summary>
internal sealed class GenerationKeeper(Projection projection, GenerationTable table, IViewStore store, TimeProvider time, ILogger logger)
{
    // How many of the last generations are looked through for what is left of them.
    private const int MaxUnused = 32;

    private readonly GenerationLetters _letters = new(store, logger);

    private string View => projection.View.Name;

    /// <summary>Gives out the number of a new generation. One that was begun before and led to nothing is given up.</summary>
    /// <param name="plan">Revision of the plan that it is for. Two who start at once ask for the same, and are given the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GenerationMovedException">There has been a later plan meanwhile.</exception>
    public async Task<int> Begin(long plan, CancellationToken cancellation)
    {
        await table.Of(projection, cancellation);
        var begun = await table.Change(
            View,
            current => current!.BegunFor >= plan
                ? current
                : GivenUp(current) with
                {
                    Next = current.Last + 1,
                    NextCheckpoint = projection.View.InGeneration(current.Last + 1).StoreName,
                    Last = current.Last + 1,
                    BegunFor = plan,
                },
            cancellation);
        return begun is { Next: { } next } && begun.BegunFor == plan
            ? next
            : throw new GenerationMovedException($"The rebuild of '{View}' was changed by somebody else.");
    }

    /// <summary>Gives out the number of a generation that is never to take over.</summary>
    public async Task<int> Scratch(CancellationToken cancellation)
    {
        await table.Of(projection, cancellation);
        return (await table.Change(View, current => current! with { Last = current.Last + 1 }, cancellation)).Last;
    }

    /// <summary>Removes what was written to a generation that is never to take over.</summary>
    public async Task DropScratch(int number, CancellationToken cancellation)
    {
        var generation = Generation.Of(projection, number);
        await _letters.Remove(generation, cancellation);
        foreach (var schema in generation.Tables.Reverse())
        {
            await store.Drop(schema, cancellation);
        }
    }

    /// <summary>
    /// Removes what may be left of generations for which there is no use: one who did not know that they had been given up may
    /// have written to them after they were dropped, and have died then.
    /// </summary>
    /// <param name="below">Generations from here on are left alone: their use may not be known yet.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DropUnused(int below, CancellationToken cancellation)
    {
        var known = await table.Of(projection, cancellation);
        foreach (var number in Enumerable.Range(1, Math.Max(0, below - 1)).TakeLast(MaxUnused).Where(number => !known.Uses(number)))
        {
            await DropScratch(number, cancellation);
        }
    }

    /// <summary>Removes what was written to a generation, unless there is a use for it.</summary>
    /// <returns>Whether it has.</returns>
    public async Task<bool> DropIfUnused(int number, CancellationToken cancellation)
    {
        if ((await table.Of(projection, cancellation)).Uses(number))
        {
            return false;
        }

        await DropScratch(number, cancellation);
        return true;
    }

    /// <summary>Whether a generation is taking over, or has.</summary>
    public async Task<bool> IsTakingOver(int number, CancellationToken cancellation)
    {
        var known = await table.Of(projection, cancellation);
        return known.Live.Number == number || (known.Next == number && known.TakingOver);
    }

    /// <summary>Gives up a generation that is being filled.</summary>
    /// <returns><see langword="false"/> when it is taking over, or has: then it is too late.</returns>
    public async Task<bool> GiveUp(int number, CancellationToken cancellation)
    {
        var after = await table.Change(
            View, current => current!.Next == number && !current.TakingOver ? GivenUp(current) : current, cancellation);
        return after.Live.Number != number && after.Next != number;
    }

    /// <summary>
    /// Removes the dead letters of generations that nobody reads any more, for those of the live one count, and their documents
    /// when their time has come.
    /// </summary>
    /// <returns>Whether some are left for later.</returns>
    public async Task<bool> DropRetired(CancellationToken cancellation)
    {
        var generations = await table.Find(View, cancellation);
        foreach (var retired in generations?.Retired ?? [])
        {
            await _letters.Drop(retired.Generation, cancellation);
            if (retired.DropAfter <= time.GetUtcNow())
            {
                await Drop(retired, cancellation);
            }
        }

        return generations?.Retired.Any(r => r.DropAfter > time.GetUtcNow()) == true;
    }

    private async Task Drop(RetiredGeneration retired, CancellationToken cancellation)
    {
        // The view itself last, for its name is that of the checkpoints.
        foreach (var schema in retired.Generation.Tables.Reverse())
        {
            await store.Drop(schema, cancellation);
        }

        await table.Change(
            View,
            current => current! with { Retired = current.Retired.RemoveAll(r => r.Generation.Number == retired.Generation.Number) },
            cancellation);
    }

    private ViewGenerations GivenUp(ViewGenerations current) => current.Next is { } next
        ? current with
        {
            Next = null,
            NextCheckpoint = null,
            Retired = current.Retired.Add(new RetiredGeneration(Generation.Of(projection, next), time.GetUtcNow())),
        }
        : current;
}
