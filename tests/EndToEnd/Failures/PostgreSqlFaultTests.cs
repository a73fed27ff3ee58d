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

    private readonly DataFolder _unused = new();
    private PostgreSqlServer _server = null!;
    private SiloProcess _silo = null!;
    private Api _api = null!;
    private int _acknowledged;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.Start();
        _silo = await SiloProcess.Start(
            _unused.Path,
            ["--store", "postgresql", "--Store:ConnectionString", _server.ConnectionString(), "--Store:AppendTimeout", Limit,
             "--Store:ReadTimeout", Limit, "--Store:ConnectTimeout", Limit, .. SiloProcess.AnyPort]);
        _api = new Api(_silo.Address);
        (await _api.Post("/api/account/a/open", """{"ownerId":"ada","initialBalance":0}""")).Ok();
        await DepositUntilAcknowledged();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _silo.DisposeAsync();
        await _server.DisposeAsync();
        _unused.Dispose();
    }

    [Fact]
    public async Task While_the_server_is_paused_commands_are_refused_in_time_and_then_go_on()
    {
        await _server.Pause();
        var refused = (await Deposit()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await _api.Get("/api/events?limit=1")).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        (await _api.Get("/health")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _api.Get("/alive")).Ok();
        await _server.Resume();

        await GoesOn();
    }

    [Fact]
    public async Task While_the_server_is_down_commands_are_refused_in_time_and_then_go_on()
    {
        await _server.Stop("QUIT");
        while ((await Deposit()).Status == HttpStatusCode.OK)
        {
            _acknowledged++;
        }

        (await Deposit()).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, Problem);
        await _server.StartAgain();

        await GoesOn();
    }

    private async Task GoesOn()
    {
        var last = await DepositUntilAcknowledged();
        (await _api.Get("/api/account/a")).Ok()["state"].GetProperty("balance").GetDecimal().ShouldBe(_acknowledged);
        (await _api.Get($"/api/views/accounts/a?after={last.Position}")).Ok()["balance"].GetDecimal().ShouldBe(_acknowledged);
        (await _api.Get("/api/events?limit=1000")).Ok()["events"].EnumerateArray()
            .Select(e => e.GetProperty("position").GetInt64())
            .ShouldBe(Enumerable.Range(1, _acknowledged + 1).Select(p => (long)p));
        await _api.Until("/health", answer => answer.Status == HttpStatusCode.OK);
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

        _acknowledged++;
        return answer;
    }

    // The key makes it the same deposit until it has been acknowledged.
    private Task<Answer> Deposit() =>
        _api.Post("/api/account/a/deposit", """{"amount":1}""", "Idempotency-Key", $"deposit-{_acknowledged}");
}
