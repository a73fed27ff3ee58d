using Loire.Engine;
using Orleans.Core;

namespace Orleans;

/// <summary>A grain with a state that is kept in the default grain storage, or in the one its class names.</summary>
public class Grain<TGrainState> : Grain
{
    private readonly IStorage<TGrainState> _storage;

    /// <summary>Reads the state before the grain is activated.</summary>
    protected Grain() => _storage = PersistentStates.ForGrainState<TGrainState>(GrainContext);

    /// <summary>Uses the storage given.</summary>
    protected Grain(IStorage<TGrainState> storage) => _storage = storage;

    /// <summary>The state.</summary>
    protected TGrainState State
    {
        get => _storage.State;
        set => _storage.State = value;
    }

    /// <summary>Forgets the stored state.</summary>
    protected virtual Task ClearStateAsync() => _storage.ClearStateAsync();

    /// <summary>Writes the state.</summary>
    protected virtual Task WriteStateAsync() => _storage.WriteStateAsync();

    /// <summary>Reads the state again.</summary>
    protected virtual Task ReadStateAsync() => _storage.ReadStateAsync();
}
