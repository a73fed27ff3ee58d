using Loire.Projections;
using Loire.Testing;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>
/// Looks all the time how far views have come in the generation that people read: that never goes back, and a generation that
/// they read before can be written to no more.
/// </summary>
internal sealed class Positions(Simulator simulator, SimulatedCluster cluster, IReadOnlyList<Projection> projections)
{
    // Short, as against the time that a subscription takes to open another generation.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly InMemoryStore _store = InMemoryStore.Open(cluster.Storage);
    private readonly Dictionary<(string View, int Partition), (string Generation, long Position)> _seen = [];
    private readonly SortedSet<(string Generation, int Partition)> _former = [];
    private readonly SortedSet<string> _violations = new(StringComparer.Ordinal);

    public IEnumerable<string> Violations => _violations;

    public async Task Watch(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var projection in projections)
            {
                await LookAt(projection.View.Name);
            }

            foreach (var (generation, partition) in _former)
            {
                if (await _store.Views.Checkpoint(generation, partition) > 0)
                {
                    _violations.Add($"{generation}/{partition} has been replaced, and is still open");
                }
            }

            await simulator.Delay(Pause);
        }
    }

    // The storage answers at once, so that all of it is of one moment.
    private async Task LookAt(string view)
    {
        if (await new GenerationTable(_store.Views).Find(view, CancellationToken.None) is { } known)
        {
            for (var partition = 0; partition < known.Live.Partitions; partition++)
            {
                var checkpoint = await _store.Views.Checkpoint(known.Live.CheckpointName, partition);
                Note((view, partition), known.Live.CheckpointName, ClosedCheckpoint.PositionOf(checkpoint));
            }
        }
    }

    private void Note((string View, int Partition) key, string generation, long position)
    {
        if (_seen.TryGetValue(key, out var before) && before.Generation != generation)
        {
            _former.Add((before.Generation, key.Partition));
        }

        if (position < before.Position)
        {
            _violations.Add($"{key.View}/{key.Partition} was at {before.Position} in {before.Generation}, and is at {position} in {generation}");
        }

        _seen[key] = (generation, position);
    }
}
