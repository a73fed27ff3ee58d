using System.Reflection;
using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.EventSourcing;

/// <summary>A grain whose state is a view of a log.</summary>
public abstract class LogConsistentGrain<TView> : Grain, ILifecycleParticipant<IGrainLifecycle>
{
    /// <summary>What makes the log when no provider is named and none is registered as the default.</summary>
    protected abstract ILogViewAdaptorFactory? DefaultAdaptorFactory { get; }

    /// <inheritdoc />
    public virtual void Participate(IGrainLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(LogConsistentGrain<>), GrainLifecycleStage.SetupState, SetUp);

    /// <summary>Makes the log.</summary>
    protected abstract void InstallAdaptor(
        ILogViewAdaptorFactory factory,
        object state,
        string grainTypeName,
        IGrainStorage? grainStorage,
        ILogConsistencyProtocolServices services);

    private Task SetUp(CancellationToken cancellationToken)
    {
        var name = GetType().GetCustomAttribute<LogConsistencyProviderAttribute>()?.ProviderName;
        var factory = ServiceProvider.GetKeyedService<ILogViewAdaptorFactory>(
            name ?? ProviderConstants.DEFAULT_LOG_CONSISTENCY_PROVIDER_NAME);
        if (factory is null && name is null)
        {
            factory = DefaultAdaptorFactory;
        }

        if (factory is null)
        {
            throw new OrleansConfigurationException($"There is no log-consistency provider \"{name ?? "Default"}\" for {GetType()}");
        }

        InstallAdaptor(
            factory,
            Activator.CreateInstance<TView>()!,
            GetType().FullName!,
            factory.UsesStorageProvider ? Storage() : null,
            new LogConsistencyProtocolServices(GrainContext));
        return Task.CompletedTask;
    }

    private IGrainStorage Storage() => ServiceProvider.GetRequiredKeyedService<IGrainStorage>(
        GetType().GetCustomAttribute<StorageProviderAttribute>()?.ProviderName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
}
