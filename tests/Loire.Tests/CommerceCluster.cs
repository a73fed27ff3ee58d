#if !ORLEANS
using System.Text.Json;
using Commerce;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Loire.Tests;

/// <summary>The platform with the reference domain on several silos in this process, which share one store.</summary>
internal sealed class CommerceCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = LoireHost.NewFolder();
    private readonly SqliteStore _store;

    private CommerceCluster(short silos)
    {
        _store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = _folder });
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IEventLog>(_store.Log);
            silo.Services.AddSingleton<IViewStore>(_store.Views);
            silo.AddLoire(l => l.AddCommerce());
        });
        Silos = builder.Build();
    }

    public InProcessTestCluster Silos { get; }

    public IEventLog Log => _store.Log;

    private ViewReader Reader => new(_store.Views, Silos.Client);

    private IServiceProvider Services => Silos.GetSiloServiceProvider();

    public static async Task<CommerceCluster> Start(short silos)
    {
        var cluster = new CommerceCluster(silos);
        await cluster.Silos.DeployAsync();
        return cluster;
    }

    /// <summary>Sends a command under a key until it is known what became of it, as a careful client does.</summary>
    public Task<CommandResult> Send(string aggregate, string id, object command, string key) => Patiently(async () =>
    {
        var result = await Silos.Client.GetGrain<IAggregateGrain>(GrainId.Create(aggregate, id)).Execute(new CommandMessage(
            CommandCodec.NameOf(command),
            CommandCodec.Encode(command),
            new CommandHeaders
            {
                CommandId = Guid.NewGuid(), IssuedAt = TimeProvider.System.GetUtcNow(), IdempotencyKey = key, CorrelationId = id,
            }));
        return result is CommandResult.InFlight or CommandResult.StoreUnavailable ? throw new TimeoutException("Not yet") : result;
    });

    public async Task<CommandReceipt> Accepted(string aggregate, string id, object command) =>
        (await Send(aggregate, id, command, $"{aggregate}/{id}")).ShouldBeOfType<CommandResult.Accepted>().Receipt;

    /// <summary>A document of a view that has seen everything that is in the log now.</summary>
    public async Task<JsonElement?> View(string name, string id)
    {
        var services = Services;
        services.GetRequiredService<ViewRegistry>().TryGet(name, out var view).ShouldBeTrue();
        await Patiently(async () => await Reader.WaitUntil(view!, Log.Head, TimeSpan.FromSeconds(5))
            ? true
            : throw new TimeoutException($"{name} is behind"));
        var document = await Reader.Find(view!, id, CancellationToken.None);
        return document is null ? null : JsonSerializer.Deserialize<JsonElement>(document.Json.Span);
    }

    public async Task<JsonElement> Until(string view, string id, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var head = Log.Head;
            if (await View(view, id) is { } document && holds(document))
            {
                return document;
            }

            await Log.WaitBeyond(head, limit.Token);
        }
    }

    /// <summary>What the log says.</summary>
    public async Task<JsonElement> Fold(string aggregate, string id)
    {
        Services.GetRequiredService<AggregateRegistry>().TryGet(aggregate, out var definition).ShouldBeTrue();
        return definition!.Fold(await Log.Load(new StreamName(aggregate, id)));
    }

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<T> Patiently<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                return await call().WaitAsync(limit.Token);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException && !limit.IsCancellationRequested)
            {
                await Task.Delay(Pause, limit.Token);
            }
        }
    }
}
#endif
