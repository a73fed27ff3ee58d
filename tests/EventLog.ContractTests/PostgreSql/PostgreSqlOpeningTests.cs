using Loire.EventLog.PostgreSql;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Loire.EventLog.ContractTests.PostgreSql;

public sealed class PostgreSqlOpeningTests
{
    [Fact]
    public async Task Tables_of_a_newer_version_are_refused()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Server.Execute("INSERT INTO loire.migrations VALUES (99, now())", store.Database);

        (await Should.ThrowAsync<StoreFormatException>(() => store.OpenAnother())).Message.ShouldContain("99");
    }

    [Fact]
    public async Task Tables_of_an_older_version_are_brought_up_to_date_and_keep_what_they_hold()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        var receipt = await store.Log.MustAppend("a", 0, Sample.Events(3));
        await store.Close();
        await store.Server.Execute(
            """
            DROP TABLE loire.snapshots, loire.views;
            DROP FUNCTION loire.expect_shape;
            DELETE FROM loire.migrations WHERE version > 3
            """,
            store.Database);

        // As many processes as may start at once.
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.OpenAnother()));

        (await opened[0].Log.Save(Sample.Snapshot(receipt, 3))).ShouldBeTrue();
        var loaded = await opened[3].Log.Load(Sample.Order("a"), Sample.Shape);
        (loaded.Snapshot!.Version, loaded.Events.Count).ShouldBe((3, 0));
        (await opened[1].Log.MustAppend("a", 3, Sample.Event())).Position.ShouldBe(4);
        await Task.WhenAll(opened.Select(each => each.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_server_out_of_reach_is_told_in_time()
    {
        var options = new PostgreSqlStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=none;Username=none" };

        await Should.ThrowAsync<StoreUnavailableException>(() => PostgreSqlStore.Open(options).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task An_option_out_of_range_is_named()
    {
        var options = new PostgreSqlStoreOptions { ConnectionString = "Host=127.0.0.1" };
        PostgreSqlStoreOptions[] wrong =
        [
            options with { ConnectionString = "nonsense" }, options with { MaxConnections = 3 },
            options with { ConnectTimeout = TimeSpan.Zero }, options with { QueueLength = 0 }, options with { QueueBytes = 0 },
            options with { AppendTimeout = TimeSpan.Zero }, options with { BatchRows = 0 }, options with { BatchBytes = 0 },
            options with { ReadTimeout = TimeSpan.FromHours(2) }, options with { MigrationTimeout = TimeSpan.Zero },
            options with { PurgeInterval = TimeSpan.Zero }, options with { PollInterval = TimeSpan.Zero },
        ];
        List<string?> named = [];
        foreach (var each in wrong)
        {
            named.Add((await Should.ThrowAsync<ArgumentException>(() => PostgreSqlStore.Open(each))).ParamName);
        }

        named.ShouldBe(
        [
            "ConnectionString", "MaxConnections", "ConnectTimeout", "QueueLength", "QueueBytes", "AppendTimeout", "BatchRows",
            "BatchBytes", "ReadTimeout", "MigrationTimeout", "PurgeInterval", "PollInterval",
        ]);
    }

    [Fact]
    public async Task A_host_opens_it_at_start_and_closes_it_at_the_end()
    {
        await using var under = await PostgreSqlUnderTest.Create();
        IEventLog log;
        using (var host = new HostBuilder().ConfigureServices(services => services.AddPostgreSqlStore(under.Options)).Build())
        {
            await host.StartAsync();
            log = host.Services.GetRequiredService<IEventLog>();
            await log.MustAppend("a", 0, Sample.Event());
            host.Services.GetRequiredService<IViewStore>().ShouldNotBeNull();
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await Should.ThrowAsync<StoreUnavailableException>(() => log.Append("a", 1, Sample.Event()));
        await Should.ThrowAsync<StoreUnavailableException>(() => log.Load(Sample.Order("a")));
        (await under.Log.Everything()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Expired_receipts_are_removed()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        var expiry = store.Time.GetUtcNow().AddSeconds(1);
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(n =>
            store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key($"k{n}", expires: expiry)))));
        await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("kept")));

        store.Time.Advance(TimeSpan.FromMinutes(1));

        while (await store.Server.Ask<long>("SELECT count(*) FROM loire.receipts", store.Database) > 1)
        {
            await Task.Delay(10);
        }
    }
}
