using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Where a view stands that is audited, and the fold that is brought to where it stands.</summary>
internal sealed class AuditPosition(Generation live, IViewStore store, GenerationFill fill)
{
    /// <summary>All partitions of the view have got here, at least.</summary>
    public async Task<long> Lowest(CancellationToken cancellation) => (await Checkpoints(cancellation)).Min();

    /// <summary>No partition of the view has got further.</summary>
    public async Task<long> Highest(CancellationToken cancellation) => (await Checkpoints(cancellation)).Max();

    /// <summary>Folds the log as far as the view has come by now.</summary>
    public async Task CatchUp(CancellationToken cancellation) =>
        await fill.Through(await Highest(cancellation), progress: null, cancellation);

    private async Task<IEnumerable<long>> Checkpoints(CancellationToken cancellation) =>
        (await Task.WhenAll(Enumerable.Range(0, live.Partitions).Select(p => store.Checkpoint(live.CheckpointName, p, cancellation))))
        .Select(ClosedCheckpoint.PositionOf);
}
