using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Cluster;

public sealed class ClusterTests
{
    private const string Three = """{"quantity":3}""";
    private const string Lamp =
        """{"customerId":"ada","items":[{"productId":"lamp","quantity":1,"price":49.90}],"paymentMethod":"card"}""";

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_database_are_one_cluster()
    {
        await using var cluster = await SiloCluster.Start(3);

        for (var i = 0; i < 9; i++)
        {
            var answer = (await cluster.Api(i % 3).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
            answer["version"].GetInt64().ShouldBe(i + 1);
        }

        (await cluster.Api(0).Post("/api/order/1001/place", Lamp)).Ok();
        (await cluster.Api(1).EndedSaga("1001"))["status"].GetString().ShouldBe("completed");
        (await cluster.Api(2).View("orders/1001")).Ok()["status"].GetString().ShouldBe("confirmed");
        (await Active(cluster)).ShouldBe(3);
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_leaves_the_cluster_and_nobody_notices()
    {
        await using var cluster = await SiloCluster.Start(2);
        (await cluster.Api(0).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
        (await cluster.Api(1).Post("/api/inventory/lamp/receive-stock", Three)).Ok();

        (await cluster.Process(0).Stop()).ShouldBe(0);

        (await Active(cluster)).ShouldBe(1);
        (await cluster.Api(1).Post("/api/inventory/lamp/receive-stock", Three)).Ok()["version"].GetInt64().ShouldBe(3);
        (await cluster.Api(1).Post("/api/order/1/place", Lamp)).Ok();
        (await cluster.Api(1).EndedSaga("1"))["status"].GetString().ShouldBe("completed");
        (await cluster.Api(1).Until("/health", a => a["status"].GetString() == "healthy")).Ok();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_silos_can_crash_and_come_back_at_the_same_addresses_or_at_others(bool same)
    {
        await using var cluster = await SiloCluster.Start(2);
        (await cluster.Api(0).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
        (await cluster.Api(1).Post("/api/order/1/place", Lamp)).Ok();
        var first = await cluster.Server.Ask<int>("SELECT min(port) FROM orleans.silos", "postgres");
        var second = await cluster.Server.Ask<int>("SELECT max(port) FROM orleans.silos", "postgres");
        await Task.WhenAll(cluster.Process(0).Kill(), cluster.Process(1).Kill());

        await Task.WhenAll(
            cluster.Start(0, "--silo-port", $"{(same ? first : 0)}"), cluster.Start(1, "--silo-port", $"{(same ? second : 0)}"));

        (await cluster.Api(0).EndedSaga("1"))["status"].GetString().ShouldBe("completed");
        (await cluster.Api(1).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
        (await Active(cluster)).ShouldBe(2);
    }

    [Fact]
    public async Task A_silo_that_freezes_is_taken_for_dead_and_does_no_harm_when_it_wakes()
    {
        await using var cluster = await SiloCluster.Start(3);
        (await cluster.Api(0).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
        cluster.Process(2).Freeze();

        // Some of these are the frozen one's until it is declared dead.
        var received = 1;
        for (var i = 0; i < 20; i++)
        {
            while ((await cluster.Api(i % 2).Post($"/api/inventory/p{i}/receive-stock", Three, "Idempotency-Key", $"{i}")).Status
                != System.Net.HttpStatusCode.OK)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            received++;
        }

        cluster.Process(2).Thaw();
        await cluster.Process(2).Ended();

        (await Active(cluster)).ShouldBe(2);
        (await cluster.Api(0).Get("/api/events?limit=1000&type=inventory.stock-received")).Ok()["events"].GetArrayLength().ShouldBe(received);
        (await cluster.Api(1).Post("/api/inventory/lamp/receive-stock", Three)).Ok()["version"].GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Silos_need_no_more_than_the_role_for_silos()
    {
        await using var cluster = await SiloCluster.Start(0);
        var roles = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "deploy", "postgresql", "roles.sql"));
        await cluster.Server.Execute(roles);
        (await SiloProcess.RunToEnd([.. cluster.OptionsAs("loire_owner"), "--migrate"])).ExitCode.ShouldBe(0);
        await cluster.Server.Execute(roles);
        using var unused = new DataFolder();

        string[] options = [.. cluster.OptionsAs("loire_app"), "--silo-port", "0"];
        await using var first = await SiloProcess.Start(unused.Path, options);
        await using var second = await SiloProcess.Start(unused.Path, options);

        using var api = new Api(second.Address);
        (await api.Post("/api/inventory/lamp/receive-stock", Three)).Ok();
        (await api.Post("/api/order/1/place", Lamp)).Ok();
        (await api.EndedSaga("1"))["status"].GetString().ShouldBe("completed");
        (await Active(cluster)).ShouldBe(2);
    }

    [Theory]
    [InlineData("--silo-port=70000", "--silo-port")]
    [InlineData("--silo-port=x", "Cluster:SiloPort")]
    [InlineData("--gateway-port=-1", "--gateway-port")]
    [InlineData("--cluster-id=", "--cluster-id")]
    [InlineData("--service-id=", "--service-id")]
    [InlineData("--advertised-address=192.0.2.1", "--advertised-address")]
    [InlineData("--advertised-address=0.0.0.0", "--advertised-address")]
    [InlineData("--advertised-address=no.host.invalid", "--advertised-address")]
    [InlineData("--Cluster:Port=1", "Port")]
    public async Task An_option_that_cannot_be_used_is_named_in_one_line(string option, string key)
    {
        // Nobody listens there, but the options are looked at first.
        string[] sound = ["--store", "postgresql", "--Store:ConnectionString", "Host=127.0.0.1;Port=1;Username=u", "--silo-port", "0"];

        var (code, printed, errors) = await SiloProcess.RunToEnd([.. sound, option]);

        code.ShouldNotBe(0);
        printed.ShouldBeEmpty();
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain(key);
    }

    [Fact]
    public async Task A_port_for_silos_that_is_taken_is_told_in_one_line()
    {
        await using var cluster = await SiloCluster.Start(1);
        var port = await cluster.Server.Ask<int>("SELECT port FROM orleans.silos", "postgres");

        var (code, _, errors) = await SiloProcess.RunToEnd(
            "--store", "postgresql", "--Store:ConnectionString", cluster.Server.ConnectionString(), "--silo-port", $"{port}");

        code.ShouldNotBe(0);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("--silo-port");
        (await cluster.Api(0).Post("/api/inventory/lamp/receive-stock", Three)).Ok();
    }

    [Fact]
    public async Task An_address_that_only_one_machine_knows_is_told_in_one_line_when_there_are_others()
    {
        await using var cluster = await SiloCluster.Start(1);
        await cluster.Server.Execute("""
            INSERT INTO orleans.silos VALUES
            ('loire', '127.0.0.1', 1, 1, 'other', 'elsewhere', 3, 0, NULL, now(), now() + interval '1 day')
            """);

        var (code, _, errors) = await SiloProcess.RunToEnd([.. cluster.OptionsAs("postgres"), "--silo-port", "0", "--Logging:LogLevel:Default", "Error"]);

        code.ShouldNotBe(0);
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        line.ShouldContain("--advertised-address");
        line.ShouldContain("elsewhere");
    }

    private static async Task<long> Active(SiloCluster cluster) =>
        await cluster.Server.Ask<long>("SELECT count(*) FROM orleans.silos WHERE status = 3", "postgres");
}
