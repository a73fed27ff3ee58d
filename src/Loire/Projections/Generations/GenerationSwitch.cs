using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Makes another generation of a view the live one. Called while all partitions of the view's subscription hold still.</summary>
internal sealed class GenerationSwitch(Projection projection, IViewStore store, GenerationTable table, TimeProvider time, TimeSpan grace)
{
    private string View => projection.View.Name;

    /// <summary>
    /// Closes the live generation, so that nobody who still takes it for the live one can write to it, and then points to the
    /// other. What a crash leaves half done is done by calling this again.
    /// </summary>
    /// <exception cref="GenerationMovedException">
    /// The other is behind, for somebody has written to the live one meanwhile, or it has set aside more, or its rebuild is paused.
    /// </exception>
    /// <exception cref="GenerationGivenUpException">The other is not the one that is being filled.</exception>
    public async Task To(int number, CancellationToken cancellation)
    {
        var known = await table.Of(projection, cancellation);
        if (known.Live.Number == number)
        {
            return;
        }

        var begun = known.TakingOver ? known : await Begin(known.Live, number, cancellation);
        var next = Generation.Of(projection, number);
        await Close(begun.Live, next, cancellation);
        var retired = new RetiredGeneration(begun.Live, time.GetUtcNow() + grace);
        await table.Change(
            View,
            current => Filled(current, number) with
            {
                Live = next, Next = null, NextCheckpoint = null, TakingOver = false, Retired = current!.Retired.Add(retired),
            },
            cancellation);
    }

    // First, so that nobody cancels what is half done; and with the plan, so that nobody pauses it.
    private async Task<ViewGenerations> Begin(Generation live, int number, CancellationToken cancellation)
    {
        var plans = new RebuildTable(store);
        if (await plans.Find(View, cancellation) is not { State: RebuildState.Running } plan || plan.Generation != number)
        {
            throw new GenerationMovedException($"The rebuild of '{View}' as generation {number} does not run.");
        }

        // Now that nothing moves any more: what came since it was looked at first may not be handled either. What has not changed
        // since then is not looked at again, for all who want something of the subscription wait.
        if (!plan.AcceptsDeadLetters
            && await new SetAsideCheck(projection, store).Complaint(live, number, plan.Compared, cancellation) is { } complaint)
        {
            throw new GenerationMovedException(complaint);
        }

        var (_, move, put) = plans.Saving(plan with { TakingOver = true });
        return await table.Change(View, current => Filled(current, number) with { TakingOver = true }, (move, put), cancellation);
    }

    private ViewGenerations Filled(ViewGenerations? current, int number) =>
        current?.Next == number ? current : throw new GenerationGivenUpException(View, number);

    private async Task Close(Generation live, Generation next, CancellationToken cancellation)
    {
        var reached = await Checkpoints(next, cancellation);
        var checkpoints = await Checkpoints(live, cancellation);
        for (var partition = 0; partition < checkpoints.Length; partition++)
        {
            // Partitions of another number hold other documents: then all of them must have got there.
            var there = reached.Length == checkpoints.Length ? reached[partition] : reached.Min();
            await Close(live, partition, checkpoints[partition], there);
        }
    }

    private async Task Close(Generation live, int partition, long checkpoint, long reached)
    {
        if (ClosedCheckpoint.PositionOf(checkpoint) > reached)
        {
            throw new GenerationMovedException(
                $"{live.CheckpointName}/{partition} is at {ClosedCheckpoint.PositionOf(checkpoint)} and what is to take over at {reached}.");
        }

        if (!ClosedCheckpoint.IsClosed(checkpoint)
            && !await store.Commit(new CheckpointMove(live.CheckpointName, partition, checkpoint, ClosedCheckpoint.Close(checkpoint)), []))
        {
            throw new GenerationMovedException($"{live.CheckpointName}/{partition} was moved by somebody else.");
        }
    }

    private Task<long[]> Checkpoints(Generation generation, CancellationToken cancellation) => Task.WhenAll(
        Enumerable.Range(0, generation.Partitions).Select(p => store.Checkpoint(generation.CheckpointName, p, cancellation)));
}
