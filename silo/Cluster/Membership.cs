using System.Net;
using Loire.EventLog.PostgreSql;
using Loire.Silo.Cluster;
using Loire.Silo.Startup;

namespace Loire.Silo;

/// <summary>How a silo finds others: in the database, where the store is one.</summary>
internal static class Membership
{
    /// <exception cref="SettingException">A value cannot be used, or a cluster is asked for without a database.</exception>
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, Settings settings)
    {
        if (settings.Database is { } database)
        {
            silo.UseCluster(settings.Cluster(), database);
            return silo;
        }

        settings.RefuseCluster("--store postgresql: silos that share no database cannot be a cluster");
        return silo.UseLocalhostClustering(Ports.Free(IPAddress.Loopback), Ports.Free(IPAddress.Loopback));
    }

    /// <summary>Makes the tables for it, where the store is a database.</summary>
    public static Task Migrate(IServiceProvider services) =>
        services.GetService<PostgreSqlStore>() is { } store ? store.Migrate(ClusterDatabase.Tables) : Task.CompletedTask;
}
