using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Loire.Engine;

/// <summary>A state that is read when the grain is set up.</summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>
{
    private readonly IGrainStorage _storage;
    private readonly string _name;
    private readonly GrainId _grainId;
    private readonly Record _record = new();

    public PersistentState(IGrainContext context, string name, IGrainStorage storage)
    {
        _storage = storage;
        _name = name;
        _grainId = context.GrainId;
        context.ObservableLifecycle.Subscribe(name, GrainLifecycleStage.SetupState, _ => ReadStateAsync());
    }

    public TState State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task ReadStateAsync() => _storage.ReadStateAsync(_name, _grainId, _record);

    public Task WriteStateAsync() => _storage.WriteStateAsync(_name, _grainId, _record);

    public Task ClearStateAsync() => _storage.ClearStateAsync(_name, _grainId, _record);

    private sealed class Record : IGrainState<TState>
    {
        public TState? State { get; set; } = Activator.CreateInstance<TState>();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }
}

internal static class PersistentStates
{
    /// <summary>Gives a constructor's parameter its state.</summary>
    public static Func<Activation, object?> Resolver(Type parameterType, PersistentStateAttribute attribute)
    {
        var make = typeof(PersistentStates).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(parameterType.GetGenericArguments()[0])
            .CreateDelegate<Func<IGrainContext, string, string?, object>>();
        return activation => make(activation, attribute.StateName, attribute.StorageName);
    }

    public static IStorage<TState> ForGrainState<TState>(IGrainContext context)
    {
        var grainClass = ((Activation)context).Class;
        var storage = grainClass.Type.GetCustomAttribute<StorageProviderAttribute>()?.ProviderName;
        return (IStorage<TState>)Make<TState>(context, grainClass.GrainType.ToString(), storage);
    }

    private static object Make<TState>(IGrainContext context, string stateName, string? storageName)
    {
        var storage = context.ActivationServices.GetRequiredKeyedService<IGrainStorage>(
            storageName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        return new PersistentState<TState>(context, stateName, storage);
    }
}
