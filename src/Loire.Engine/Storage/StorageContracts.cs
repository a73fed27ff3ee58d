using Orleans.Core;
using Orleans.Runtime;

namespace Orleans.Core
{
    /// <summary>A state that is kept in a grain storage.</summary>
    public interface IStorage
    {
        /// <summary>The version that was read or written last.</summary>
        string? Etag { get; }

        /// <summary>Whether there is a stored state.</summary>
        bool RecordExists { get; }

        /// <summary>Forgets the stored state.</summary>
        Task ClearStateAsync();

        /// <summary>Forgets the stored state.</summary>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Reads the state again.</summary>
        Task ReadStateAsync();

        /// <summary>Reads the state again.</summary>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();
    }

    /// <summary>A state that is kept in a grain storage.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A state that is kept in a grain storage, read before the grain is activated.</summary>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Names the state and the storage of an <see cref="IPersistentState{TState}"/> that a constructor asks for.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>The name of the state.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The key of the storage, or null for the default one.</summary>
        public string? StorageName { get; } = storageName;
    }
}

namespace Orleans
{
    /// <summary>A state as the storage sees it.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T? State { get; set; }

        /// <summary>The version.</summary>
        string? ETag { get; set; }

        /// <summary>Whether it is stored.</summary>
        bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Keeps states of grains. Registered in the services under the name of the storage.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads a state.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Writes a state.</summary>
        /// <exception cref="InconsistentStateException">The stored version is not the one given.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Forgets a state.</summary>
        /// <exception cref="InconsistentStateException">The stored version is not the one given.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }
}
