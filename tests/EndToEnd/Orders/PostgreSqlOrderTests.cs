using EndToEnd.Http;
using EndToEnd.Silo;
using Loire.EventLog.ContractTests.PostgreSql;

namespace EndToEnd.Orders;

public sealed class PostgreSqlOrderTests
{
    [Fact]
    public async Task An_order_is_confirmed_on_PostgreSQL_and_is_still_there_after_a_crash()
    {
        await using var server = await PostgreSqlServer.Start();
        using var unused = new DataFolder();
        string[] options = ["--store", "postgresql", "--Store:ConnectionString", server.ConnectionString(), .. SiloProcess.AnyPort];
        await using (var silo = await SiloProcess.Start(unused.Path, options))
        {
            using var api = new Api(silo.Address);
            (await api.Post("/api/inventory/lamp/receive-stock", """{"quantity":10}""")).Ok();
            (await api.Post(
                "/api/order/1001/place",
                """{"customerId":"ada","items":[{"productId":"lamp","quantity":2,"price":49.90}],"paymentMethod":"card"}""")).Ok();
            (await api.EndedSaga("1001"))["status"].GetString().ShouldBe("completed");
            await silo.Kill();
        }

        await using var again = await SiloProcess.Start(unused.Path, options);
        using var apiAgain = new Api(again.Address);
        (await apiAgain.View("orders/1001")).Ok()["status"].GetString().ShouldBe("confirmed");
        Directory.EnumerateFileSystemEntries(unused.Path).ShouldBeEmpty();
    }
}
