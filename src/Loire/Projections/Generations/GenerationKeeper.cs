using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Makes room for new generations of a view, and drops those that nobody reads any more.</summary>
internal sealed class GenerationKeeper(Projection projection, GenerationTable table, IViewStore store, TimeProvider time)
{
    private string View => projection.View.Name;

    /// <summary>Gives out the number of a new generation. One that was begun before and led to nothing is given up.</summary>
    public async Task<int> Begin(CancellationToken cancellation)
    {
        await table.Of(projection, cancellation);
        var begun = await table.Change(
            View, current => GivenUp(current!) with { Next = current!.Last + 1, Last = current.Last + 1 }, cancellation);
        return begun.Next!.Value;
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
        foreach (var schema in Generation.Of(projection, number).Tables.Reverse())
        {
            await store.Drop(schema, cancellation);
        }
    }

    /// <summary>Gives up a generation that is being filled.</summary>
    /// <returns><see langword="false"/> when it is taking over, or has: then it is too late.</returns>
    public async Task<bool> GiveUp(int number, CancellationToken cancellation)
    {
        var after = await table.Change(
            View, current => current!.Next == number && !current.TakingOver ? GivenUp(current) : current, cancellation);
        return after.Live.Number != number && after.Next != number;
    }

    /// <summary>Removes the documents of generations whose time has come.</summary>
    /// <returns>Whether some are left for later.</returns>
    public async Task<bool> DropRetired(CancellationToken cancellation)
    {
        var generations = await table.Find(View, cancellation);
        foreach (var retired in generations?.Retired ?? [])
        {
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
            Retired = current.Retired.Add(new RetiredGeneration(Generation.Of(projection, next), time.GetUtcNow())),
        }
        : current;
}
