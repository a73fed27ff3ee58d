using System.Text.Json;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Queries;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Projections;

/// <summary>A cluster with accounts, whose view is rebuilt.</summary>
internal sealed class RebuildCluster(LoireTestCluster cluster) : IAsyncDisposable
{
    public LoireTestCluster Cluster => cluster;

    public ViewSchema Accounts => cluster.SchemaOf("accounts");

    public IRebuildGrain Rebuild => cluster.Grains.GetGrain<IRebuildGrain>("accounts");

    public ViewReader Reader => cluster.Services.GetRequiredService<ViewReader>();

    public static async Task<RebuildCluster> Start(
        TestStore? store = null,
        StoreFaults? faults = null,
        short silos = 1,
        Action<LoireBuilder>? loire = null,
        Action<RebuildOptions>? rebuilds = null,
        bool gateway = false) => new(await LoireTestCluster.Start(
        loire ?? (l => l.AddCommerce()),
        new LoireTestClusterOptions
        {
            Store = store ?? TestStore.InMemory(),
            Faults = faults,
            Silos = silos,
            Gateway = gateway,
            Silo = silo => silo.Services.Configure<RebuildOptions>(options =>
            {
                options.PageSize = 20;
                options.LookEvery = TimeSpan.FromMilliseconds(200);
                options.Grace = TimeSpan.FromSeconds(2);
                rebuilds?.Invoke(options);
            }),
        }));

    /// <summary>Opens accounts <c>a-0</c>, <c>a-1</c>… with a balance of 100 and two deposits of 1 each.</summary>
    public async Task OpenAccounts(int count)
    {
        for (var n = 0; n < count; n++)
        {
            await cluster.Given(
                "account",
                $"a-{n}",
                new AccountEvent.Opened("ada", Money.Of(100)),
                new AccountEvent.Deposited(Money.Of(1)),
                new AccountEvent.Deposited(Money.Of(1)));
        }
    }

    /// <summary>Starts a rebuild and waits for its end.</summary>
    public async Task<RebuildPlan> Rebuilt()
    {
        (await Rebuild.Start()).Refusal.ShouldBeNull();
        return await Ended();
    }

    public async Task<RebuildPlan> Ended() => await cluster.Patiently(async () =>
        await Rebuild.Ended(TimeSpan.FromSeconds(2)) is { State: not RebuildState.Running } ended
            ? ended
            : throw new TimeoutException("The rebuild still runs."));

    public async Task<decimal?> Balance(string id) =>
        (await cluster.View<AccountView>("accounts", id))?.Balance;

    /// <summary>Changes a document behind the back of the platform.</summary>
    public async Task Damage(ViewSchema view, string id, AccountView? document)
    {
        var change = document is null
            ? (DocumentChange)new DocumentChange.Delete(view, id)
            : new DocumentChange.Put(view, id, JsonSerializer.SerializeToUtf8Bytes(document, Serialization.LoireJson.Stored));
        (await cluster.Views.Commit(new CheckpointMove("damage", 0, 0, 0), [change])).ShouldBeTrue();
    }

    /// <summary>Looks which generation is the live one, that no other is being filled, and which was the last to be begun.</summary>
    public async Task IsAt(int live, int last)
    {
        var document = (await cluster.Views.Find(new ViewSchema("view-generations", 1, []), "accounts"))!;
        var known = JsonElement.Parse(document.Json.Span);
        known.GetProperty("live").GetProperty("number").GetInt32().ShouldBe(live);
        known.GetProperty("last").GetInt32().ShouldBe(last);
        known.GetProperty("takingOver").GetBoolean().ShouldBeFalse();
        (known.TryGetProperty("next", out var next) ? next.ValueKind : JsonValueKind.Null).ShouldBe(JsonValueKind.Null);
    }

    /// <summary>Looks that neither documents nor checkpoint of a generation are there.</summary>
    public async Task NothingIsLeftOf(int generation)
    {
        var schema = Accounts.InGeneration(generation);
        await Should.ThrowAsync<Exception>(() => cluster.Views.Find(schema, "a-1"), $"{schema.StoreName} is still there.");
        (await cluster.Views.Checkpoint(schema.StoreName, 0)).ShouldBe(0);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
