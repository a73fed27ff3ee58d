using Loire.Engine;
using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace Loire.Testing.Simulation;

/// <summary>Silos, a client and a store, whose troubles come from the seed.</summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly Simulator _simulator;
    private readonly SimulatedFaults _faults;
    private readonly Action<ISiloBuilder> _configure;
    private readonly InProcessTestCluster _silos;
    private readonly Dictionary<string, SimulatedProcess> _processes = [];
    private readonly SimulatedProcess _store;

    private SimulatedCluster(Simulator simulator, short silos, Action<ISiloBuilder> configure)
    {
        _simulator = simulator;
        _faults = new SimulatedFaults(simulator);
        _configure = configure;
        _store = new SimulatedProcess(simulator, "store");
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) => ConfigureSilo(options.SiloName, silo));
        builder.ConfigureClientHost(host => Use(simulator.Callers, host.Services));
        _silos = builder.Build();
    }

    /// <summary>What is on disk.</summary>
    public InMemoryStorage Storage { get; } = new();

    /// <summary>Calls grains from outside, as the callers do.</summary>
    public IClusterClient Client => _silos.Client;

    /// <summary>The services of one of the silos.</summary>
    public IServiceProvider Services => _silos.GetSiloServiceProvider();

    /// <summary>Starts a cluster. To be called from within the simulation.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="faults">What goes wrong once it has started.</param>
    /// <param name="configure">Adds the platform and the domain to a silo; the store is there already, and may be decorated.</param>
    public static async Task<SimulatedCluster> Start(
        Simulator simulator, short silos, FaultProfile faults, Action<ISiloBuilder> configure)
    {
        var cluster = new SimulatedCluster(simulator, silos, configure);
        await cluster._silos.DeployAsync();
        cluster._faults.Profile = faults;
        return cluster;
    }

    /// <summary>Lets silos and store fail, as the profile says, until it is told to stop. All silos are up then.</summary>
    public async Task Harass(CancellationToken stop)
    {
        var second = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested)
        {
            await _simulator.Delay(second);
            var faults = _faults.Profile;
            if (_simulator.Random.Chance(faults.SiloKilled))
            {
                await Replace(silo => Kill(silo));
            }
            else if (_simulator.Random.Chance(faults.SiloStopped))
            {
                await Replace(silo => _silos.StopSiloAsync(silo));
            }
            else if (_simulator.Random.Chance(faults.SiloFrozen))
            {
                await Freeze(faults);
            }
            else if (_simulator.Random.Chance(faults.StoreFrozen))
            {
                _store.Freeze();
                await _simulator.Delay(_simulator.Random.Between(second, 10 * second));
                _store.Thaw();
            }
        }
    }

    /// <summary>From now on nothing goes wrong any more.</summary>
    public void Calm()
    {
        _simulator.Trace.Add("calm");
        _faults.Profile = FaultProfile.None;
    }

    public async ValueTask DisposeAsync() => await _silos.DisposeAsync();

    private void ConfigureSilo(string name, ISiloBuilder silo)
    {
        // A silo that comes up again is another process.
        var process = _processes[name] = new SimulatedProcess(_simulator, name)
        {
            ClockSkew = (_simulator.Random.NextDouble() - 0.5) * _faults.Profile.ClockSkew,
        };
        Use(process, silo.Services);
        var store = InMemoryStore.Open(Storage, _store.Time, _faults);
        silo.Services.AddSingleton<IEventLog>(new RemoteLog(store.Log, _store));
        silo.Services.AddSingleton<ISnapshotStore>(new RemoteSnapshots(store.Log, _store));
        silo.Services.AddSingleton<IViewStore>(new RemoteViews(store.Views, _store));
        _configure(silo);
    }

    private void Use(SimulatedProcess process, IServiceCollection services)
    {
        services.AddSingleton(process.Time);
        services.AddSingleton<EngineControl>(new SiloControl(_simulator, process, _faults));
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddProvider(new TraceLogger(_simulator.Trace, process.Name)));
    }

    private async Task Replace(Func<InProcessSiloHandle, Task> end)
    {
        var silo = _simulator.Random.Pick(_silos.Silos);
        _simulator.Trace.Add($"{silo.Name} is ended");
        await end(silo);
        await _simulator.Delay(_simulator.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        await StartSilo();
    }

    // As whoever keeps silos running would: a start that fails is tried again.
    private async Task StartSilo()
    {
        while (true)
        {
            try
            {
                await _silos.StartAdditionalSiloAsync();
                return;
            }
            catch (StoreUnavailableException)
            {
                await _simulator.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private async Task Kill(InProcessSiloHandle silo)
    {
        _processes[silo.Name].Freeze();
        await _silos.KillSiloAsync(silo);
    }

    private async Task Freeze(FaultProfile faults)
    {
        var silo = _simulator.Random.Pick(_silos.Silos);
        var process = _processes[silo.Name];
        process.Freeze();
        if (!_simulator.Random.Chance(faults.FrozenTakenForDead))
        {
            await _simulator.Delay(_simulator.Random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(40)));
            process.Thaw();
            return;
        }

        await _simulator.Delay(_simulator.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)));
        _simulator.Trace.Add($"{silo.Name} is taken for dead");
        silo.ServiceProvider.GetRequiredService<EngineRuntime>().Disown();
        await StartSilo();
        await _simulator.Delay(_simulator.Random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(20)));

        // It does not know yet that it is dead, and goes on where it was.
        process.Thaw();
        await _simulator.Delay(_simulator.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        await Kill(silo);
    }
}
