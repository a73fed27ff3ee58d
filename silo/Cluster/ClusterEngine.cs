using System.Net;
using System.Net.Sockets;
using Loire.EventLog.PostgreSql;
using Loire.Silo.Startup;
using Npgsql;
using Orleans.Configuration;

namespace Loire.Silo.Cluster;

/// <summary>Sets up a silo that is one of several on a PostgreSQL database.</summary>
internal static class ClusterEngine
{
    private const string Invariant = "Npgsql";
    private const int MaxConnections = 10;
    private const int Patience = 5;
    private const int MissedReports = 3;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <exception cref="SettingException">A value cannot be used.</exception>
    public static void UseCluster(this ISiloBuilder silo, ClusterSettings settings, PostgreSqlStoreOptions database)
    {
        var address = AddressOf(settings.AdvertisedAddress);
        var siloPort = Ports.Usable(address, settings.SiloPort, CommandLine.SiloPort);
        var gatewayPort = settings.GatewayPort == 0 ? 0 : Ports.Usable(address, settings.GatewayPort, CommandLine.GatewayPort);
        var connection = ConnectionString(database);

        silo.Services.AddHostedService(services => new ClusterDatabase(
            services.GetRequiredService<PostgreSqlStore>(),
            new SilentSilos(
                connection,
                settings.Id,
                new IPEndPoint(address, siloPort),
                ReportInterval * MissedReports,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<SilentSilos>>())));
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (settings.Id, settings.ServiceId));
        silo.ConfigureEndpoints(address, siloPort, gatewayPort);
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
        silo.AddAdoNetGrainStorageAsDefault(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
        silo.Configure<ClusterMembershipOptions>(NoticeSoon);
    }

    // A silo that has died is known to be dead after three probes, that is about six seconds. One that is merely slow has
    // as long to answer, for to be declared dead costs it its life.
    private static void NoticeSoon(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(10);

        // Every silo says in the table that it is alive, so that one who comes when all have crashed need not ask.
        options.IAmAliveTablePublishTimeout = ReportInterval;
        options.NumMissedTableIAmAliveLimit = MissedReports;
    }

    // Besides the store's own connections, and few: they serve the members' list and the state of users' grains.
    private static string ConnectionString(PostgreSqlStoreOptions database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            SearchPath = ClusterDatabase.Schema,
            MaxPoolSize = MaxConnections,
            MinPoolSize = 0,
            Timeout = Patience,
            CommandTimeout = Patience,
        };
        settings.ApplicationName ??= "loire-cluster";
        settings.Options = $"{settings.Options} -c default_transaction_isolation=read\\ committed".Trim();
        return settings.ConnectionString;
    }

    private static IPAddress AddressOf(string host)
    {
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : Dns.GetHostAddresses(host);
            var address = addresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
            return !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
                ? address
                : throw new SettingException($"--{CommandLine.AdvertisedAddress}: {host} is no address that others can reach.");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new SettingException($"--{CommandLine.AdvertisedAddress}: '{host}' is no address of this machine.", e);
        }
    }
}
