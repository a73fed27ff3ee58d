using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Failures;

public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_commands_are_refused_reading_goes_on_and_with_room_again_so_do_commands()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        (await api.Post("/api/account/a/open", """{"ownerId":"ada","initialBalance":0}""")).Ok();

        FileSizeLimit.Set(silo.Id, new FileInfo(Path.Combine(data.Path, "loire.db-wal")).Length);
        var acknowledged = 0;
        Answer refused;
        while ((refused = await Deposit(api, acknowledged)).Status == HttpStatusCode.OK)
        {
            acknowledged++;
        }

        refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "store-unavailable").Headers.RetryAfter.ShouldNotBeNull();
        (await Balance(api)).ShouldBe(acknowledged);
        (await api.Get("/health")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        FileSizeLimit.Lift(silo.Id);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Deposit(api, acknowledged)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        (await Balance(api)).ShouldBe(acknowledged + 1);
        var last = await Deposit(api, acknowledged + 1);
        (await api.Get($"/api/views/accounts/a?after={last.Ok().Position}"))
            .Ok()["balance"].GetDecimal().ShouldBe(acknowledged + 2);
        (await api.Get("/api/events?limit=1000")).Ok()["events"].EnumerateArray()
            .Select(e => e.GetProperty("position").GetInt64())
            .ShouldBe(Enumerable.Range(1, acknowledged + 3).Select(p => (long)p));
    }

    private static Task<Answer> Deposit(Api api, int number) =>
        api.Post("/api/account/a/deposit", """{"amount":1}""", "Idempotency-Key", $"deposit-{number}");

    private static async Task<decimal> Balance(Api api) =>
        (await api.Get("/api/account/a")).Ok()["state"].GetProperty("balance").GetDecimal();
}
