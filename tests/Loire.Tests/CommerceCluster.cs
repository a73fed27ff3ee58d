using Commerce;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Silo;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Loire.Tests;

/// <summary>The platform with the reference domain on several silos in this process, which share one store.</summary>
internal sealed class CommerceCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = LoireHost.NewFolder();
    private readonly SqliteStore _store;

    private CommerceCluster(short silos, Action<LoireBuilder>? loire, Action<ISiloBuilder>? configure)
    {
        _store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = _folder });
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IEventLog>(_store.Log);
            silo.Services.AddSingleton<IViewStore>(_store.Views);
            silo.ConfigureEngine().AddLoire(l =>
            {
                l.AddCommerce();
                loire?.Invoke(l);
            });
            configure?.Invoke(silo);
        });
        Silos = builder.Build();
    }

    public InProcessTestCluster Silos { get; }

    public IEventLog Log => _store.Log;

    public Documents Documents =>
        new(Log, new ViewReader(_store.Views, Silos.Client), () => Silos.GetSiloServiceProvider(), Limit);

    /// <param name="silos">How many.</param>
    /// <param name="loire">Registers more than the reference domain.</param>
    /// <param name="configure">Configures each silo.</param>
    public static async Task<CommerceCluster> Start(
        short silos, Action<LoireBuilder>? loire = null, Action<ISiloBuilder>? configure = null)
    {
        var cluster = new CommerceCluster(silos, loire, configure);
        await cluster.Silos.DeployAsync();
        return cluster;
    }

    /// <summary>Sends a command under a key until it is known what became of it, as a careful client does.</summary>
    public Task<CommandResult> Send(string aggregate, string id, object command, string key) => Until(async () =>
    {
        var result = await Silos.Client.Send(aggregate, id, command, key, correlationId: id);
        return result is CommandResult.InFlight or CommandResult.StoreUnavailable ? throw new TimeoutException("Not yet") : result;
    });

    public async Task<CommandReceipt> Accepted(string aggregate, string id, object command) =>
        (await Send(aggregate, id, command, $"{aggregate}/{id}")).ShouldBeOfType<CommandResult.Accepted>().Receipt;

    /// <summary>Calls again until a silo answers.</summary>
    public static Task<T> Until<T>(Func<Task<T>> call) => Patience.Until(Limit, call);

    public async Task Kill(InProcessSiloHandle silo)
    {
        await Silos.KillSiloAsync(silo);
        await Silos.WaitForLivenessToStabilizeAsync(didKill: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
