using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Where the grains of a cluster are: at most one activation for each, on one silo.</summary>
internal sealed class GrainDirectory(Membership membership)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public Activation? Find(GrainId id) => _activations.GetValueOrDefault(id);

    public void Remove(Activation activation) => _activations.TryRemove(new(activation.GrainId, activation));

    /// <summary>Hands a call to its grain on whatever silo. Returns the activation when later calls may go to it directly.</summary>
    /// <exception cref="OrleansException">The call cannot be delivered.</exception>
    public Activation? Deliver(EngineRuntime from, GrainId id, GrainRequest request)
    {
        var grainClass = from.Manifest.Class(id.Type);
        if (grainClass.IsStatelessWorker)
        {
            return Placement.LocalOrAny(membership, from).DeliverLocally(id, request);
        }

        while (true)
        {
            var activation = Find(id) ?? Add(from, grainClass, id);
            if (activation.Scheduler.TryEnqueue(request))
            {
                return activation;
            }
        }
    }

    private Activation Add(EngineRuntime from, GrainClass grainClass, GrainId id)
    {
        var silo = Placement.Choose(membership, from, grainClass, id);
        var made = silo.Make(id);
        var known = _activations.GetOrAdd(id, made);
        if (ReferenceEquals(known, made))
        {
            silo.Adopt(made);
        }

        return known;
    }
}
