using Loire.EventLog.Views;

namespace Loire.DeadLetters;

/// <summary>
/// Which decisions had been made when a generation of a view was begun: for each partition of its own subscription, and of the
/// one that was live then if that is another, the number of the last one. Kept as checkpoints, and dropped with the generation.
/// </summary>
/// <param name="generation">Name of the generation's checkpoint.</param>
/// <param name="queue">The subscription that the generation is filled for.</param>
/// <param name="partitions">How many partitions that has.</param>
/// <param name="store">Where they are kept.</param>
internal sealed class AmendmentsBegun(string generation, string queue, int partitions, IViewStore store)
{
    // One more than the number of the last decision: 0 says that it was not written down.
    private readonly Dictionary<(string Name, int Partition), long> _known = [];

    /// <summary>Writes it down for one partition of a subscription, unless that has been done.</summary>
    public async Task Write(string of, int divided, int partition, CancellationToken cancellation)
    {
        var name = NameOf(of, divided);
        if (await store.Checkpoint(name, partition, cancellation) == 0)
        {
            var last = await store.Checkpoint(Amendment.CounterOf(of), partition, cancellation);

            // If it is not committed, somebody else has been first.
            await store.Commit(new CheckpointMove(name, partition, From: 0, To: last + 1), []);
        }
    }

    /// <summary>Forgets what it has read.</summary>
    public void Forget() => _known.Clear();

    /// <summary>
    /// The number of the last decision about one partition of a subscription that counts. Without a word about it none does for
    /// the first generation of a view; and all do of a subscription that is another and was not live any more.
    /// </summary>
    public async Task<long> Last(string of, int divided, int partition, CancellationToken cancellation)
    {
        var name = NameOf(of, divided);
        if (!_known.TryGetValue((name, partition), out var next))
        {
            _known[(name, partition)] = next = await store.Checkpoint(name, partition, cancellation);
        }

        return next > 0 ? next - 1 : IsItself(of, divided) ? 0 : long.MaxValue;
    }

    private bool IsItself(string of, int divided) => of == queue && divided == partitions;

    private string NameOf(string of, int divided) => IsItself(of, divided) ? $"{generation}/amendments" : $"{generation}/amendments/{of}";
}
