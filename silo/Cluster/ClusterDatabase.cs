using System.Reflection;
using Loire.EventLog.PostgreSql;

namespace Loire.Silo.Cluster;

/// <summary>Gets the database ready for Orleans, before that starts and after the store is open.</summary>
internal sealed class ClusterDatabase(PostgreSqlStore store, SilentSilos silent) : IHostedLifecycleService
{
    public const string Schema = "orleans";

    // "Orle": tells our lock from those of others in the database.
    private const long Lock = 0x4f726c65;

    public static DatabaseSchema Tables { get; } = new(Schema, Lock, Assembly.GetExecutingAssembly(), "1-membership", "2-grain-state");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.Migrate(Tables, cancellationToken);
        await silent.Wait(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
