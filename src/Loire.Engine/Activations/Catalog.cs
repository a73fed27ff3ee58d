using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The activations: at most one for each grain.</summary>
internal sealed class Catalog
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public Activation? Find(GrainId id) => _activations.GetValueOrDefault(id);

    public Activation GetOrAdd<TState>(GrainId id, Func<GrainId, TState, Activation> make, TState state) =>
        _activations.GetOrAdd(id, make, state);

    public void Remove(Activation activation) =>
        _activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation));

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
