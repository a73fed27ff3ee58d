using System.Text.Json;
using Commerce;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Silo;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Loire.Tests;

/// <summary>The platform with the reference domain in this process, on a store in a folder of its own.</summary>
public sealed class LoireHost : IAsyncDisposable
{
    /// <summary>Longer than any test should take; a wait that reaches it has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private readonly string _folder;

    private LoireHost(IHost host, string folder)
    {
        _host = host;
        _folder = folder;
    }

    public IServiceProvider Services => _host.Services;

    public IStreamProvider Streams =>
        _host.Services.GetRequiredService<IClusterClient>().GetStreamProvider(SubscriptionBatch.StreamProvider);

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IEventLog Log => _host.Services.GetRequiredService<IEventLog>();

    public ViewReader Views => _host.Services.GetRequiredService<ViewReader>();

    private Documents Documents => new(Log, Views, () => Services, Limit);

    public static string NewFolder() => Directory.CreateTempSubdirectory("loire-").FullName;

    /// <param name="folder">Where the store is; a new folder if it is not given.</param>
    /// <param name="log">Puts something in front of the log.</param>
    /// <param name="loire">Registers more than the reference domain.</param>
    /// <param name="time">The time, if it is not the system's.</param>
    public static async Task<LoireHost> Start(
        string? folder = null,
        Func<IEventLog, IEventLog>? log = null,
        Action<LoireBuilder>? loire = null,
        TimeProvider? time = null)
    {
        folder ??= NewFolder();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder });
        if (log is not null)
        {
            builder.Services.AddSingleton(sp => log(sp.GetRequiredService<SqliteStore>().Log));
        }

        builder.UseOrleans(silo => silo.UseEngine().AddLoire(l =>
        {
            l.AddCommerce();
            loire?.Invoke(l);
        }));
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        return new LoireHost(host, folder);
    }

    public Task<CommandResult> Send(
        string aggregate, string id, object command, string? key = null, long? expectedVersion = null) =>
        Grains.Send(aggregate, id, command, key, expectedVersion).WaitAsync(Limit);

    public async Task<CommandReceipt> Accepted(string aggregate, string id, object command, string? key = null) =>
        (await Send(aggregate, id, command, key)).ShouldBeOfType<CommandResult.Accepted>().Receipt;

    /// <summary>Appends to the store itself, past grains and whatever stands in front of the log.</summary>
    public Task<AppendResult> Append(AppendRequest request) =>
        _host.Services.GetRequiredService<SqliteStore>().Log.Append(request);

    /// <inheritdoc cref="Documents.View"/>
    public Task<JsonElement?> View(string name, string id) => Documents.View(name, id);

    /// <inheritdoc cref="Documents.Until"/>
    public Task<JsonElement> Until(string view, string id, Func<JsonElement, bool> holds) => Documents.Until(view, id, holds);

    /// <inheritdoc cref="Documents.StateOf"/>
    public Task<JsonElement> StateOf(string aggregate, string id) => Documents.StateOf(aggregate, id);

    /// <inheritdoc cref="Documents.ViewNamed"/>
    public ViewSchema ViewNamed(string name) => Documents.ViewNamed(name);

    /// <summary>Stops without removing the data.</summary>
    public async Task<string> Stop()
    {
        await _host.StopAsync().WaitAsync(Limit);
        await ((IAsyncDisposable)_host).DisposeAsync();
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }
}
