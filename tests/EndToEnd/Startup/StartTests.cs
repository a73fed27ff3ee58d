using System.Diagnostics;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Startup;

public sealed class StartTests(RunningSilo running)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        using var data = new DataFolder();
        var before = await Written(data);

        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);

        (await api.Get("/api/events?limit=1000")).Ok()["events"].GetRawText().ShouldBe(before);
        (await api.View("orders/1")).Ok()["status"].GetString().ShouldBe("confirmed");
        (await api.Post("/api/inventory/lamp/receive-stock", """{"quantity":3}""", "Idempotency-Key", "first")).Ok()
            ["replayed"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_does_so_within_5_seconds_even_while_somebody_waits()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        (await api.Post("/api/inventory/lamp/receive-stock", """{"quantity":3}""")).Ok();
        var waiting = api.Get("/api/views/orders?after=1000");

        var started = Stopwatch.GetTimestamp();
        (await silo.Stop()).ShouldBe(0);

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(StopLimit);
        await Task.WhenAny(waiting);
        silo.Logged.Split('\n')
            .Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Contains("\"Category\":\"Orleans.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_silo_on_the_same_data_is_refused_in_one_line()
    {
        var (code, _, errors) = await SiloProcess.RunToEnd("--urls", "http://127.0.0.1:0", "--data", running.Data);

        code.ShouldNotBe(0);
        Refusal.OneLine(errors).ShouldContain("is in use by process");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        using var data = new DataFolder();

        var (code, _, errors) = await SiloProcess.RunToEnd("--urls", running.Api.Address.ToString(), "--data", data.Path);

        code.ShouldNotBe(0);
        Refusal.OneLine(errors).ShouldContain("address already in use");
    }

    [Theory]
    [InlineData("--Gateway:MaxBodyBytes=0", "Gateway:MaxBodyBytes")]
    [InlineData("--Gateway:MaxBodyBytes=many", "Gateway:MaxBodyBytes")]
    [InlineData("--Gateway:MaxBodyByte=1", "MaxBodyByte")]
    [InlineData("--Commands:ReceiptRetention=00:00:01", "Commands:ReceiptRetention")]
    [InlineData("--Subscriptions:BatchSize=0", "Subscriptions:BatchSize")]
    [InlineData("--Snapshots:Every=-1", "Snapshots:Every")]
    [InlineData("--Snapshots:Evry=1", "Evry")]
    [InlineData("--Rebuilds:PageSize=0", "Rebuilds:PageSize")]
    [InlineData("--Rebuilds:PageSizeBesideOthers=0", "Rebuilds:PageSizeBesideOthers")]
    [InlineData("--Timers:Poll=0", "Timers:Poll")]
    [InlineData("--Store:QueueLength=0", "Store:QueueLength")]
    [InlineData("--data=", "--data")]
    [InlineData("--data=/proc/nowhere", "--data")]
    [InlineData("--dta=x", "--dta")]
    [InlineData("--data", "--data")]
    [InlineData("--urls=nonsense", "--urls")]
    [InlineData("--urls=http://127.0.0.1:99999", "--urls")]
    [InlineData("--urls=http://127.0.0.1:80a", "--urls")]
    [InlineData("--Store:DataFolder=/tmp", "--data")]
    [InlineData("--cluster-id=x", "--cluster-id")]
    [InlineData("--Cluster:SiloPort=1", "--silo-port")]
    [InlineData("stray", "stray")]
    public async Task An_option_that_cannot_be_used_is_named_in_one_line(string option, string key)
    {
        using var data = new DataFolder();
        string[] sound = ["--data", data.Path, "--urls", "http://127.0.0.1:0"];

        var (code, printed, errors) = await SiloProcess.RunToEnd([.. sound, option]);

        code.ShouldNotBe(0);
        printed.ShouldBeEmpty();
        Refusal.OneLine(errors).ShouldContain(key);
    }

    [Fact]
    public async Task Help_names_the_options()
    {
        var (code, printed, _) = await SiloProcess.RunToEnd("--help");

        code.ShouldBe(0);
        printed.ShouldContain("--data");
        printed.ShouldContain("--urls");
    }

    /// <summary>Has an order fulfilled by a silo that then stops.</summary>
    /// <returns>The events.</returns>
    private static async Task<string> Written(DataFolder data)
    {
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        (await api.Post("/api/inventory/lamp/receive-stock", """{"quantity":3}""", "Idempotency-Key", "first")).Ok();
        (await api.Post("/api/order/1/place", """{"customerId":"ada","items":[{"productId":"lamp","quantity":1,"price":1}],"paymentMethod":"card"}""")).Ok();
        (await api.EndedSaga("1"))["status"].GetString().ShouldBe("completed");
        var events = (await api.Get("/api/events?limit=1000")).Ok()["events"].GetRawText();
        (await silo.Stop()).ShouldBe(0);
        return events;
    }
}
