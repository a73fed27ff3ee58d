using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The activations: at most one for each grain, or for each worker of a stateless one.</summary>
internal sealed class Catalog
{
    private readonly ConcurrentDictionary<(GrainId Id, int Worker), Activation> _activations = new();

    public Activation? Find(GrainId id, int worker) => _activations.GetValueOrDefault((id, worker));

    public Activation GetOrAdd(GrainId id, int worker, Func<GrainId, int, Activation> make) =>
        _activations.GetOrAdd((id, worker), static (key, make) => make(key.Id, key.Worker), make);

    public void Remove(Activation activation) =>
        _activations.TryRemove(new((activation.GrainId, activation.Worker), activation));

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

    /// <summary>Deactivates everything; completes when all activations have ended.</summary>
    public Task EndAll()
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host stops");
        var all = _activations.Values.ToList();
        all.ForEach(activation => activation.Deactivate(reason));
        return Task.WhenAll(all.Select(activation => activation.Deactivated));
    }
}
