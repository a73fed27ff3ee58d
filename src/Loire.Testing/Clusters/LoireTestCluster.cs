using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace Loire.Testing;

/// <summary>
/// The platform in this process: one or several silos that share a store. Tests send commands, wait for what they lead to
/// (for positions and ends, never for a while), and take silos away.
/// </summary>
public sealed partial class LoireTestCluster : IAsyncDisposable
{
    // To start and stop is not what is tested, and a silo that stops waits for the calls that it has taken.
    private static readonly TimeSpan LimitOfLife = TimeSpan.FromMinutes(1);

    private readonly Action<LoireBuilder> _loire;
    private readonly LoireTestClusterOptions _options;
    private readonly OpenStore _store;
    private readonly IViewStore _views;
    private Registered _registered = null!;
    private TestGateway? _gateway;

    private LoireTestCluster(Action<LoireBuilder> loire, LoireTestClusterOptions options, OpenStore store)
    {
        _loire = loire;
        _options = options;
        _store = store;
        var faulty = options.Faults is { } faults ? store.With(faults) : store;
        Log = options.Log?.Invoke(faulty.Log) ?? faulty.Log;
        Snapshots = options.Snapshots?.Invoke(faulty.Snapshots) ?? faulty.Snapshots;
        _views = faulty.Views;
        Cluster = Build(options.Silos);
    }

    /// <summary>The silos, to be killed, stopped and added. After a restart of all of them it is another cluster.</summary>
    public InProcessTestCluster Cluster { get; private set; }

    /// <summary>Calls grains from outside of the silos.</summary>
    public IClusterClient Grains => Cluster.Client;

    /// <summary>The log as the silos see it.</summary>
    public IEventLog Log { get; }

    /// <summary>The log itself, past everything that <see cref="LoireTestClusterOptions.Log"/> put in front of it.</summary>
    public IEventLog StoredLog => _store.Log;

    public IViewStore Views => _store.Views;

    /// <summary>The snapshots as the silos see them.</summary>
    internal ISnapshotStore Snapshots { get; }

    /// <summary>The services of a silo that runs.</summary>
    public IServiceProvider Services => Cluster.GetSiloServiceProvider();

    /// <summary>The longest that anything is waited for.</summary>
    public TimeSpan Limit => _options.Limit;

    /// <summary>Starts a cluster.</summary>
    /// <param name="loire">Registers aggregates, projections and sagas, as in a silo.</param>
    /// <param name="options">What it is made of; one silo in memory if none is given.</param>
    /// <exception cref="SpecificationException">It did not start within a minute.</exception>
    public static async Task<LoireTestCluster> Start(Action<LoireBuilder> loire, LoireTestClusterOptions? options = null)
    {
        options ??= new LoireTestClusterOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Silos, (short)1, nameof(options));
        var cluster = new LoireTestCluster(loire, options, await options.Store.Open(options.Time));
        try
        {
            await cluster.StartAll();
            return cluster;
        }
        catch (Exception e)
        {
            if (await cluster.End() is { } atItsEnd)
            {
                throw new AggregateException("The cluster neither started nor ended as it should.", e, atItsEnd);
            }

            throw;
        }
    }

    /// <summary>Talks to the HTTP API.</summary>
    /// <exception cref="InvalidOperationException">The cluster was started without it.</exception>
    public HttpClient Http => _gateway?.Client
        ?? throw new InvalidOperationException("Start the cluster with Gateway = true to talk HTTP.");

    /// <summary>Kills a silo as the loss of its machine would, and waits until the others know.</summary>
    public async Task Kill(InProcessSiloHandle silo)
    {
        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true);
    }

    /// <summary>Stops all silos and starts as many again, on the same store: what was only in memory is gone.</summary>
    /// <exception cref="SpecificationException">That took longer than a minute either way.</exception>
    public async Task Restart()
    {
        var silos = (short)Cluster.Silos.Count;
        await StopAll();
        Cluster = Build(silos);
        await StartAll();
    }

    /// <summary>Moves the clock, if the cluster was given one that can be moved.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public void Advance(TimeSpan by) => (_options.Time as ManualTime
        ?? throw new InvalidOperationException("Start the cluster with Time = ManualTime.Running() to move its clock.")).Advance(by);

    private InProcessTestCluster Build(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host =>
        {
            host.Services.AddSingleton(_options.Time);
            host.Logging.SetMinimumLevel(_options.Logging).AddConsole();

            // Orleans calls errors what is no more than a silo that stops.
            host.Logging.AddFilter("Orleans", LogLevel.Critical);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(Log);
            silo.Services.AddSingleton(_views);
            silo.Services.AddSingleton(Snapshots);
            silo.ConfigureEngine().AddLoire(_loire);
            _options.Silo?.Invoke(silo);
        });
        return builder.Build();
    }

    private async Task StartAll()
    {
        await Within(LimitOfLife, Cluster.DeployAsync(), "The silos did not start.");
        _registered = Registered.In(Services);
        _gateway = _options.Gateway ? await TestGateway.Start(this, _loire, _options) : null;
    }
}
