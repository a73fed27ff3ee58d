using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;
using Loire.EventLog.ContractTests.PostgreSql;

namespace EndToEnd.Failures;

/// <summary>What clients of a silo see when its PostgreSQL server fails.</summary>
public sealed class PostgreSqlFaultTests : IAsyncLifetime
{
    private const string Problem = "store-unavailable";
    private const string Limit = "00:00:01";

    private readonly DataFolder unused = new();
    private PostgreSqlServer server = null!;
    private SiloProcess silo = null!;
    private Api api = null!;
    private int acknowledged;

    public async ValueTask InitializeAsync()
    {
        server = await PostgreSqlServer.Start();
        silo = await SiloProcess.Start(
            unused.Path,
            ["--store", "postgresql", "--Store:ConnectionString", server.ConnectionString(), "--Store:AppendTimeout", Limit,
             "--Store:ReadTimeout", Limit, "--Store:ConnectTimeout", Limit]);
        api = new Api(silo.Address);
        (await api.Post("/api/account/a/open", """{"ownerId":"ada","initialBalance":0}""")).Ok();
        await DepositUntilAcknowledged();
    }

    public async ValueTask DisposeAsync()
    {
        api.Dispose();
        await silo.DisposeAsync();
        await server.DisposeAsync();
        unused.Dispose();
    }

    [Fact]
    public async Task While_the_server_is_paused_commands_are_refused_in_time_and_then_go_on()
    {
        await server.Pause();
        var refused = (await Deposit()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await api.Get("/api/events?limit=1")).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        (await api.Get("/health")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await api.Get("/alive")).Ok();
        await server.Resume();

        await GoesOn();
    }

    [Fact]
    public async Task While_the_server_is_down_commands_are_refused_in_time_and_then_go_on()
    {
        await server.Stop("QUIT");
        while ((await Deposit()).Status == HttpStatusCode.OK)
        {
            acknowledged++;
        }

        (await Deposit()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        await server.StartAgain();

        await GoesOn();
    }

    private async Task GoesOn()
    {
        var last = await DepositUntilAcknowledged();
        (await api.Get("/api/account/a")).Ok()["state"].GetProperty("balance").GetDecimal().ShouldBe(acknowledged);
        (await api.Get($"/api/views/accounts/a?after={last.Position}")).Ok()["balance"].GetDecimal().ShouldBe(acknowledged);
        (await api.Get("/api/events?limit=1000")).Ok()["events"].EnumerateArray()
            .Select(e => e.GetProperty("position").GetInt64())
            .ShouldBe(Enumerable.Range(1, acknowledged + 1).Select(p => (long)p));
        await api.Until("/health", answer => answer.Status == HttpStatusCode.OK);
    }

    private async Task<Answer> DepositUntilAcknowledged()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Answer answer;
        while ((answer = await Deposit()).Status != HttpStatusCode.OK)
        {
            answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        acknowledged++;
        return answer;
    }

    // The key makes it the same deposit until it has been acknowledged.
    private Task<Answer> Deposit() =>
        api.Post("/api/account/a/deposit", """{"amount":1}""", "Idempotency-Key", $"deposit-{acknowledged}");
}
