using System.Text.Json;
using Commerce;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Loire.Tests;

/// <summary>The platform with the reference domain on one silo, on a store in a folder of its own.</summary>
public sealed class LoireHost : IAsyncDisposable
{
    /// <summary>Longer than any test should take; a wait that reaches it has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly LoireTestCluster _cluster;
    private readonly string _folder;

    private LoireHost(LoireTestCluster cluster, string folder)
    {
        _cluster = cluster;
        _folder = folder;
    }

    public IServiceProvider Services => _cluster.Services;

    public IStreamProvider Streams => Services.GetRequiredService<IClusterClient>().GetStreamProvider(SubscriptionBatch.StreamProvider);

    /// <summary>Calls grains from within the silo: exceptions come as they were thrown, whatever the engine can send.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IEventLog Log => _cluster.Log;

    public ViewReader Views => Services.GetRequiredService<ViewReader>();

    /// <param name="folder">Where the store is; a new folder if it is not given.</param>
    /// <param name="log">Puts something in front of the log.</param>
    /// <param name="loire">Registers more than the reference domain.</param>
    /// <param name="time">The time, if it is not the system's.</param>
    /// <param name="snapshots">Puts something in front of the snapshots.</param>
    public static async Task<LoireHost> Start(
        string? folder = null,
        Func<IEventLog, IEventLog>? log = null,
        Action<LoireBuilder>? loire = null,
        TimeProvider? time = null,
        Func<ISnapshotStore, ISnapshotStore>? snapshots = null)
    {
        folder ??= Directory.CreateTempSubdirectory("loire-").FullName;
        var options = new LoireTestClusterOptions
        {
            Store = TestStore.Sqlite(folder),
            Time = time ?? TimeProvider.System,
            Limit = Limit,
            Log = log,
            Snapshots = snapshots,
            Logging = LogLevel.Warning,
        };
        return new LoireHost(await LoireTestCluster.Start(Register, options), folder);

        void Register(LoireBuilder builder)
        {
            builder.AddCommerce();
            loire?.Invoke(builder);
        }
    }

    /// <inheritdoc cref="LoireTestCluster.Send"/>
    public Task<CommandResult> Send(string aggregate, string id, object command, string? key = null, long? expectedVersion = null) =>
        _cluster.Send(aggregate, id, command, key, expectedVersion);

    /// <inheritdoc cref="LoireTestCluster.Accepted"/>
    public Task<CommandReceipt> Accepted(string aggregate, string id, object command, string? key = null) =>
        _cluster.Accepted(aggregate, id, command, key);

    /// <summary>Appends to the store itself, past grains and whatever stands in front of the log.</summary>
    public Task<AppendResult> Append(AppendRequest request) => _cluster.StoredLog.Append(request);

    /// <inheritdoc cref="LoireTestCluster.View(string, string)"/>
    public Task<JsonElement?> View(string name, string id) => _cluster.View(name, id);

    /// <inheritdoc cref="LoireTestCluster.Until"/>
    public Task<JsonElement> Until(string view, string id, Func<JsonElement, bool> holds) => _cluster.Until(view, id, holds);

    /// <inheritdoc cref="LoireTestCluster.StateOf"/>
    public Task<JsonElement> StateOf(string aggregate, string id) => _cluster.StateOf(aggregate, id);

    /// <inheritdoc cref="LoireTestCluster.SchemaOf"/>
    public ViewSchema ViewNamed(string name) => _cluster.SchemaOf(name);

    /// <summary>Stops without removing the data.</summary>
    public async Task<string> Stop()
    {
        await _cluster.DisposeAsync();
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }
}
