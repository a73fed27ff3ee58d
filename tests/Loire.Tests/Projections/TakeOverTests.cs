using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Queries;
using Loire.Serialization;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;
using System.Text.Json;

namespace Loire.Tests.Projections;

/// <summary>Who waits for its own write reads it, on every silo, while documents of another generation take over.</summary>
public sealed class TakeOverTests
{
    [Fact]
    public async Task Everybody_reads_its_own_writes_across_silos_and_take_overs()
    {
        await using var accounts = await RebuildCluster.Start(silos: 3);
        await accounts.OpenAccounts(12);
        var view = accounts.Accounts;
        var readers = accounts.Cluster.Cluster.Silos
            .Select(silo => accounts.Cluster.Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<ViewReader>())
            .ToList();
        using var enough = new CancellationTokenSource();
        var reads = 0;
        using var limit = new CancellationTokenSource(LoireHost.Limit);
        var callers = Enumerable.Range(0, 12).Select(account => Task.Run(async () =>
        {
            var reader = readers[account % readers.Count];
            for (var balance = 103; !enough.IsCancellationRequested; balance++)
            {
                var receipt = await accounts.Cluster.Accepted("account", $"a-{account}", new AccountCommand.Deposit(Money.Of(1)));
                (await reader.WaitUntil(view, receipt.Position, LoireHost.Limit)).ShouldBeTrue();

                var found = (await reader.Find(view, $"a-{account}", CancellationToken.None))!;
                JsonSerializer.Deserialize<AccountView>(found.Json.Span, LoireJson.Stored)!.Balance.ShouldBe(balance);
                var page = await reader.Query(view, new EventLog.Views.ViewQuery(), CancellationToken.None);
                page.Position.ShouldBeGreaterThanOrEqualTo(receipt.Position);
                page.Total.ShouldBe(12);
                Interlocked.Increment(ref reads);
            }
        })).ToList();

        for (var generation = 2; generation <= 6; generation++)
        {
            var rebuilt = await accounts.Rebuilt();
            rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
            rebuilt.Generation.ShouldBe(generation);
            for (var before = Volatile.Read(ref reads); Volatile.Read(ref reads) < before + 30;)
            {
                await (callers.Find(caller => caller.IsFaulted) ?? Task.Delay(5, limit.Token));
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task A_raised_version_is_filled_beside_the_one_before_which_is_read_until_then()
    {
        var storage = new InMemoryStorage();
        await using (var before = await RebuildCluster.Start(TestStore.InMemory(storage), loire: l => l.AddAggregate<AccountGrain, AccountDecider>().AddProjection<OwnersOne>()))
        {
            await before.OpenAccounts(30);
            (await before.Cluster.View("owners", "ada"))!.Value.GetProperty("accounts").GetInt32().ShouldBe(30);
        }

        var faults = new StoreFaults();
        var held = faults.Before(StoreOperationKind.CommitView, "owners@2.2").Skip(1).Holds();
        await using var after = await RebuildCluster.Start(
            TestStore.InMemory(storage), faults, loire: l => l.AddAggregate<AccountGrain, AccountDecider>().AddProjection<OwnersTwo>());
        await held.Happened.WaitAsync(LoireHost.Limit);

        var schema = after.Cluster.SchemaOf("owners");
        var old = (await after.Reader.Find(schema, "ada", CancellationToken.None))!;
        JsonElement.Parse(old.Json.Span).GetRawText().ShouldBe("""{"ownerName":"ada","accounts":30}""");
        (await after.Reader.Live(schema, CancellationToken.None)).Field("balance").ShouldBeNull();
        held.Release();

        (await after.Cluster.View("owners", "ada"))!.Value.GetRawText().ShouldBe("""{"ownerName":"ada","accounts":30,"balance":3000.00}""");
        (await after.Reader.WaitUntil(schema, after.Cluster.Log.Head, LoireHost.Limit)).ShouldBeTrue();
        (await after.Reader.Live(schema, CancellationToken.None)).Field("balance").ShouldNotBeNull();
    }

    private sealed class OwnersOne : Projection<OwnersOne.Owner>
    {
        public OwnersOne()
            : base("owners") =>
            On<AccountEvent.Opened>((e, _) => e.OwnerId, (view, e, _) => new Owner(e.OwnerId, (view?.Accounts ?? 0) + 1));

        public sealed record Owner(string OwnerName, int Accounts);
    }

    private sealed class OwnersTwo : Projection<OwnersTwo.Owner>
    {
        public OwnersTwo()
            : base("owners", version: 2) =>
            On<AccountEvent.Opened>((e, _) => e.OwnerId, (view, e, _) =>
                new Owner(e.OwnerId, (view?.Accounts ?? 0) + 1, (view?.Balance ?? 0) + e.InitialBalance.Amount));

        public sealed record Owner(string OwnerName, int Accounts, decimal Balance);
    }
}
