using EndToEnd.Http;
using EndToEnd.Silo;
using Loire.EventLog.ContractTests.PostgreSql;

namespace EndToEnd.Cluster;

/// <summary>Silos as processes of their own, on a PostgreSQL server of their own.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly PostgreSqlServer _server;
    private readonly DataFolder _unused = new();
    private readonly Member?[] _members;

    private SiloCluster(PostgreSqlServer server, int silos)
    {
        _server = server;
        _members = new Member?[silos];
    }

    public int Size => _members.Length;

    public PostgreSqlServer Server => _server;

    /// <summary>Starts a server, and all silos at once on its empty database. Skips the test when there is no PostgreSQL.</summary>
    public static async Task<SiloCluster> Start(int silos)
    {
        var cluster = new SiloCluster(await PostgreSqlServer.Start(), silos);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, silos).Select(silo => cluster.Start(silo)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The way to one silo.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public Api Api(int silo) => Volatile.Read(ref _members[silo])?.Api ?? throw new InvalidOperationException($"Silo {silo} does not run.");

    public async Task Start(int silo, params string[] options)
    {
        string[] all = [.. OptionsAs("postgres"), "--silo-port", "0", .. options];
        var process = await SiloProcess.Start(_unused.Path, all);
        Volatile.Write(ref _members[silo], new Member(process, new Api(process.Address)));
    }

    public SiloProcess Process(int silo) => _members[silo]!.Process;

    /// <summary>Where the store is, for a user of the database.</summary>
    public string[] OptionsAs(string user) =>
    [
        "--store", "postgresql",
        "--Store:ConnectionString", _server.ConnectionString().Replace("Username=postgres", $"Username={user}", StringComparison.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.OfType<Member>())
        {
            member.Api.Dispose();
            await member.Process.DisposeAsync();
        }

        await _server.DisposeAsync();
        _unused.Dispose();
    }

    private sealed record Member(SiloProcess Process, Api Api);
}
