using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Loire.EventLog.Sqlite;

public static class SqliteStoreExtensions
{
    /// <summary>
    /// Keeps the log and the views in an SQLite file. It is opened when the host starts, which fails when it cannot be, and
    /// closed with the services, after everything that runs in the host has stopped.
    /// </summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, SqliteStoreOptions options)
    {
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => SqliteStore.Open(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<SqliteStore>().Log);
        services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<SqliteStore>().Log);
        services.AddSingleton<IViewStore>(provider => provider.GetRequiredService<SqliteStore>().Views);
        services.AddHostedService<OpenAtStart>();
        return services;
    }

    // To ask for the store is to open it.
    private sealed class OpenAtStart(SqliteStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(store);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
