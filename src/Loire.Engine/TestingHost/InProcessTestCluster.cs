using System.Collections.ObjectModel;
using System.Net;
using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>
/// Silos and a client in this process, each a host of its own. They share which grain is where and nothing that goes over
/// a network, so a silo that dies is known to be dead at once. In memory streams, what a killed silo had queued is lost.
/// </summary>
public sealed partial class InProcessTestCluster : IAsyncDisposable
{
    private readonly Cluster _cluster = new();
    private readonly Lock _gate = new();
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _client;
    private int _instances;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    /// <summary>What it is made of.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>The silos that have been started and not been stopped.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_gate)
            {
                return new([.. _silos]);
            }
        }
    }

    /// <summary>Calls grains from outside of the silos.</summary>
    /// <exception cref="InvalidOperationException">The cluster has not been deployed.</exception>
    public IClusterClient Client => _client?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The cluster has not been deployed");

    /// <summary>Starts the silos and the client.</summary>
    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        var builder = NewHost();
        builder.Services.AddSingleton(new ClusterSeat(_cluster, "Client", NewAddress(0)));
        EngineServices.AddClient(builder.Services);
        Options.ClientHostConfigurationDelegates.ForEach(configure => configure(builder));
        _client = builder.Build();
        await _client.StartAsync();
    }

    /// <summary>Starts one more silo.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await StartSilosAsync(1))[0];

    /// <summary>Starts more silos.</summary>
    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = Enumerable.Range(0, silosToStart)
            .Select(_ => StartSilo((short)(Interlocked.Increment(ref _instances) - 1)));
        return [.. await Task.WhenAll(started)];
    }

    /// <summary>Stops a silo: its grains are deactivated, and come back elsewhere when they are called.</summary>
    public Task StopSiloAsync(InProcessSiloHandle instance)
    {
        Remove(instance);
        return instance.StopSiloAsync(stopGracefully: true);
    }

    /// <summary>Ends a silo as the loss of its machine would: the calls that it had taken fail, and its memory is gone.</summary>
    public Task KillSiloAsync(InProcessSiloHandle instance)
    {
        Remove(instance);
        return instance.StopSiloAsync(stopGracefully: false);
    }

    /// <summary>Stops a silo and starts another with its name.</summary>
    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        await StopSiloAsync(instance);
        return await StartSilo(instance.InstanceNumber);
    }

    /// <summary>Stops all silos, the last started first. The client remains.</summary>
    public async Task StopAllSilosAsync()
    {
        foreach (var silo in Silos.Reverse())
        {
            await StopSiloAsync(silo);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAllSilosAsync();
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.StopAsync();
            await ((IAsyncDisposable)client).DisposeAsync();
        }
    }

    private static HostApplicationBuilder NewHost() =>
        Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "TestCluster" });

    // The port only tells the silos apart.
    private static SiloAddress NewAddress(short instanceNumber) =>
        SiloAddress.New(IPAddress.Loopback, 11111 + instanceNumber, SiloAddress.AllocateNewGeneration());

    private async Task<InProcessSiloHandle> StartSilo(short instanceNumber)
    {
        var seat = new ClusterSeat(_cluster, $"Silo_{instanceNumber}", NewAddress(instanceNumber));
        var builder = NewHost();
        builder.Services.AddSingleton(seat);
        builder.UseOrleans();
        Options.SiloHostConfigurationDelegates.ForEach(
            configure => configure(new InProcessTestSiloSpecificOptions { SiloName = seat.Name }, builder));
        var silo = new InProcessSiloHandle
        {
            InstanceNumber = instanceNumber,
            Name = seat.Name,
            SiloAddress = seat.Address,
            SiloHost = builder.Build(),
        };
        try
        {
            await silo.SiloHost.StartAsync();
        }
        catch (Exception failure)
        {
            await Clear(silo, failure);
            throw;
        }

        lock (_gate)
        {
            _silos.Add(silo);
        }

        return silo;
    }

    // A host that has not got as far as its services cannot be stopped either: the reason must not get lost behind that.
    private static async Task Clear(InProcessSiloHandle silo, Exception failure)
    {
        try
        {
            await silo.StopSiloAsync(stopGracefully: false);
        }
        catch (Exception other)
        {
            throw new AggregateException($"{silo.Name} did not start, and could not be stopped.", failure, other);
        }
    }

    private void Remove(InProcessSiloHandle silo)
    {
        lock (_gate)
        {
            _silos.Remove(silo);
        }
    }
}
