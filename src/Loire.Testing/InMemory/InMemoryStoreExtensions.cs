using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Loire.Testing;

public static class InMemoryStoreExtensions
{
    /// <summary>
    /// Keeps the log and the views in memory. It is not registered as an <see cref="ISnapshotStore"/>, because snapshots are
    /// written beside the grains, whenever a thread is free; register <see cref="InMemoryStore.Log"/> as one to have them.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="storage">The data; hosts that are given the same one share it.</param>
    /// <param name="schedule">Decides when things happen; at once if none is given.</param>
    public static IServiceCollection AddInMemoryStore(
        this IServiceCollection services, InMemoryStorage? storage = null, IStoreSchedule? schedule = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(sp => InMemoryStore.Open(storage, sp.GetRequiredService<TimeProvider>(), schedule));
        services.AddSingleton<IEventLog>(sp => sp.GetRequiredService<InMemoryStore>().Log);
        services.AddSingleton<IViewStore>(sp => sp.GetRequiredService<InMemoryStore>().Views);
        return services;
    }
}
