using System.Globalization;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_second_opening_is_refused_and_told_who_has_the_file()
    {
        await using var store = SqliteUnderTest.Create();

        var refused = Should.Throw<StoreInUseException>(() => SqliteStore.Open(store.Options));

        refused.Message.ShouldContain(store.Options.File);
        refused.Message.ShouldContain($"process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        await store.Restart();
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "version 99")]
    [InlineData("PRAGMA application_id = 5", "another application")]
    public async Task A_file_of_a_newer_schema_or_of_another_application_is_refused(string change, string reason)
    {
        await using var store = SqliteUnderTest.Create();
        await store.Close();
        using (var connection = Connection.OpenWriter(store.Options.File, maxPages: null))
        {
            connection.Execute(change);
        }

        Should.Throw<StoreFormatException>(() => SqliteStore.Open(store.Options)).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task A_file_of_an_older_schema_is_brought_up_to_date_and_keeps_what_it_holds()
    {
        await using var store = SqliteUnderTest.Create();
        var receipt = await store.Log.MustAppend("a", 0, Sample.Events(3));
        await store.Close();
        store.Execute("DROP TABLE snapshots");
        store.Execute("DROP TABLE searches");
        store.Execute("ALTER TABLE checkpoints DROP COLUMN move");
        store.Execute("PRAGMA user_version = 1");

        await store.Restart();

        (await store.Snapshots.Save(Sample.Snapshot(receipt, 3))).ShouldBeTrue();
        (await store.Snapshots.Load(Sample.Order("a"), Sample.Shape)).Snapshot!.Version.ShouldBe(3);
        (await store.Log.MustAppend("a", 3, Sample.Event())).Position.ShouldBe(4);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("loire-").FullName;
        var options = new SqliteStoreOptions { DataFolder = folder };
        await File.WriteAllTextAsync(options.File, new string('x', 10_000));

        Should.Throw<StoreUnavailableException>(() => SqliteStore.Open(options)).Message.ShouldContain(options.File);

        File.Delete(options.File);
        await using (SqliteStore.Open(options))
        {
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void An_option_out_of_range_is_named()
    {
        var options = new SqliteStoreOptions { DataFolder = "data" };
        SqliteStoreOptions[] wrong =
        [
            options with { DataFolder = " " }, options with { QueueLength = 0 }, options with { QueueBytes = 0 },
            options with { AppendTimeout = TimeSpan.Zero }, options with { BatchRows = 0 }, options with { BatchBytes = 0 },
            options with { Readers = 65 }, options with { ReadTimeout = TimeSpan.Zero }, options with { PurgeInterval = TimeSpan.Zero },
        ];
        string[] keys =
        [
            "DataFolder", "QueueLength", "QueueBytes", "AppendTimeout", "BatchRows", "BatchBytes", "Readers", "ReadTimeout",
            "PurgeInterval",
        ];
        wrong.Select(o => Should.Throw<ArgumentException>(() => SqliteStore.Open(o)).ParamName).ShouldBe(keys);
    }

    [Fact]
    public async Task A_host_opens_it_at_start_and_closes_it_at_the_end()
    {
        var options = new SqliteStoreOptions { DataFolder = Directory.CreateTempSubdirectory("loire-").FullName };
        using (var host = new HostBuilder().ConfigureServices(services => services.AddSqliteStore(options)).Build())
        {
            await host.StartAsync();
            Should.Throw<StoreInUseException>(() => SqliteStore.Open(options));
            await host.Services.GetRequiredService<IEventLog>().MustAppend("a", 0, Sample.Event());
            host.Services.GetRequiredService<IViewStore>().ShouldNotBeNull();
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await SqliteStore.Open(options).DisposeAsync();
        Directory.Delete(options.DataFolder, recursive: true);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await using var store = SqliteUnderTest.Create();
        var (log, waiting) = (store.Log, store.Log.WaitBeyond(0, CancellationToken.None));
        await store.Restart();

        await Should.ThrowAsync<StoreUnavailableException>(() => waiting);
        await Should.ThrowAsync<StoreUnavailableException>(() => log.Append("a", 0, Sample.Event()));
        await Should.ThrowAsync<StoreUnavailableException>(() => log.Load(Sample.Order("a")));
    }
}
