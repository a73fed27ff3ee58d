using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.EventLog.PostgreSql;

public static class PostgreSqlStoreExtensions
{
    /// <summary>
    /// Keeps the log and the views in a PostgreSQL database. It is opened before anything else in the host starts, which
    /// fails when it cannot be, and closed with the services, after everything that runs in the host has stopped.
    /// </summary>
    public static IServiceCollection AddPostgreSqlStore(this IServiceCollection services, PostgreSqlStoreOptions options)
    {
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new PostgreSqlStore(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PostgreSqlStore>>()));
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<PostgreSqlStore>().Log);
        services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<PostgreSqlStore>().Log);
        services.AddSingleton<IViewStore>(provider => provider.GetRequiredService<PostgreSqlStore>().Views);
        services.AddHostedService<OpenAtStart>();
        return services;
    }

    private sealed class OpenAtStart(PostgreSqlStore store) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => store.Start(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
