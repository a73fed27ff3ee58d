using System.Net;
using System.Text.Json;
using Commerce.Orders;
using Loire.Testing;

namespace Loire.Tests.Processes;

public sealed class ProcessApiTests : IAsyncLifetime
{
    private LoireTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await LoireTestCluster.Start(
            loire =>
            {
                Orders.Watched(TimeSpan.FromHours(1))(loire);
                loire.AddOverdrafts();
            },
            new LoireTestClusterOptions { Gateway = true });
        await _cluster.Accepted("order", "o/1", Orders.Place);
        await _cluster.Accepted("order", "o-2", Orders.Place);
        await _cluster.Accepted("order", "o-2", new OrderCommand.Confirm());
        await _cluster.Process("o-2");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_process_shows_where_it_stands_and_what_it_waits_for()
    {
        var process = await Get("/api/processes/o%2F1");

        process.GetProperty("processId").GetString().ShouldBe("o/1");
        process.GetProperty("processType").GetString().ShouldBe(OrderExpiry.Name);
        process.GetProperty("status").GetString().ShouldBe("running");
        process.GetProperty("state").GetString().ShouldBe("waiting");
        process.GetProperty("timers")[0].GetProperty("name").GetString().ShouldBe(OrderExpiry.TooLate);
        process.GetProperty("wakeAt").GetDateTimeOffset().ShouldBe(process.GetProperty("timers")[0].GetProperty("due").GetDateTimeOffset());
        process.GetProperty("data").GetProperty("customerId").GetString().ShouldBe("ada");
        process.GetProperty("history").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("type=order-expiry", 2)]
    [InlineData("type=order-expiry&state=waiting", 1)]
    [InlineData("status=completed", 1)]
    [InlineData("correlationId=test-o-2", 1)]
    [InlineData("type=another", 0)]
    [InlineData("status=failed", 0)]
    public async Task Processes_are_listed(string query, int total) =>
        (await Get($"/api/processes?{query}&after={_cluster.Log.Head}")).GetProperty("total").GetInt32().ShouldBe(total);

    [Fact]
    public async Task The_events_of_a_process_can_be_read() =>
        (await Get("/api/streams/order-expiry/o-2")).GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("type").GetString()).ShouldBe(["order-expiry.moved", "order-expiry.moved"]);

    [Theory]
    [InlineData("/api/processes/nobody", HttpStatusCode.NotFound, "process-not-found")]
    [InlineData("/api/processes/o-2?type=overdrafts", HttpStatusCode.NotFound, "process-not-found")]
    [InlineData("/api/processes?status=tired", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("/api/processes?colour=red", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task What_is_not_there_is_told(string path, HttpStatusCode status, string problem)
    {
        var answer = await _cluster.Http.GetAsync(path, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"urn:loire:problem:{problem}");
    }

    private async Task<JsonElement> Get(string path) =>
        JsonElement.Parse(await _cluster.Http.GetByteArrayAsync(path, TestContext.Current.CancellationToken));
}
