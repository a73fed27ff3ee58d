using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The activations: at most one for each grain, or for each worker of a stateless one.</summary>
internal sealed class Catalog(GrainDirectory? directory)
{
    public static readonly DeactivationReason HostStops = new(DeactivationReasonCode.ShuttingDown, "The host stops");

    private readonly ConcurrentDictionary<(GrainId Id, int Worker), Activation> _activations = new(UniformHash.Instance);

    public int Count => _activations.Count;

    public IEnumerable<Activation> All => _activations.Values;

    public Activation? Find(GrainId id, int worker) => _activations.GetValueOrDefault((id, worker));

    public Activation GetOrAdd(GrainId id, int worker, Func<GrainId, int, Activation> make) =>
        _activations.GetOrAdd((id, worker), static (key, make) => make(key.Id, key.Worker), make);

    public void Add(Activation activation) => _activations[(activation.GrainId, activation.Worker)] = activation;

    public void Remove(Activation activation)
    {
        _activations.TryRemove(new((activation.GrainId, activation.Worker), activation));
        directory?.Remove(activation);
    }

    /// <summary>Deactivates what has been idle for too long.</summary>
    public void Collect(long now)
    {
        foreach (var (_, activation) in _activations)
        {
            if (activation.IsCollectable(now))
            {
                activation.DeactivateIfIdle();
            }
        }
    }

    /// <summary>Deactivates what has been idle for so long; completes when that has ended.</summary>
    public Task Collect(long now, TimeSpan age) => Task.WhenAll(_activations.Values
        .Where(activation => activation.IsCollectable(now, age) && activation.DeactivateIfIdle())
        .Select(activation => activation.Deactivated));

    /// <summary>Deactivates everything; completes when all activations have ended.</summary>
    public Task EndAll()
    {
        var all = _activations.Values.ToList();
        all.ForEach(activation => activation.Deactivate(HostStops));
        return Task.WhenAll(all.Select(activation => activation.Deactivated));
    }

    // So that the activations come in the same order in every process.
    private sealed class UniformHash : IEqualityComparer<(GrainId Id, int Worker)>
    {
        public static readonly UniformHash Instance = new();

        public bool Equals((GrainId Id, int Worker) x, (GrainId Id, int Worker) y) => x.Worker == y.Worker && x.Id.Equals(y.Id);

        public int GetHashCode((GrainId Id, int Worker) key) => key.Id.GetHashCode() + key.Worker;
    }
}
