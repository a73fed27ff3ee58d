using EndToEnd.Http;

namespace EndToEnd.Crash;

/// <summary>Looks, when all is quiet again, whether anything that was promised is missing or was done twice.</summary>
internal static class LoadChecks
{
    /// <summary>Waits until all sagas that were started have ended, and none is about to be.</summary>
    public static async Task Settled(Api api)
    {
        foreach (var status in (string[])["started", "running", "compensating"])
        {
            await api.Until("/api/subscriptions", a => a["items"].EnumerateArray().All(s => s.GetProperty("lag").GetInt64() == 0));
            await api.Until($"/api/sagas?limit=1&status={status}&after={await api.Head()}", a => a.Ok()["total"].GetInt64() == 0);
        }
    }

    public static async Task Check(Api api, IReadOnlyCollection<Acknowledgement> acknowledged, Random random)
    {
        var log = await LogCopy.Read(api);
        LogChecks.Positions_are_gapless(log);
        LogChecks.Versions_of_a_stream_are_gapless(log);
        LogChecks.What_was_acknowledged_is_there_once(log, acknowledged);
        DomainChecks.Every_order_has_one_saga_and_it_has_ended(log);
        DomainChecks.Nothing_happens_twice_to_an_order(log);
        DomainChecks.Orders_payments_and_shipments_agree(log);
        DomainChecks.Stock_is_neither_lost_nor_made(log);
        DomainChecks.No_account_is_overdrawn(log);
        await ViewChecks.Views_are_what_the_log_says(api, log);
        await ViewChecks.Aggregates_agree_with_views(api, log);
        await Repeated_keys_give_the_first_answer(api, acknowledged, random);
        (await api.Head()).ShouldBe(log.Count);
    }

    private static async Task Repeated_keys_give_the_first_answer(Api api, IReadOnlyCollection<Acknowledgement> acknowledged, Random random)
    {
        var accepted = acknowledged.Where(a => a.Rejection is null && a.Events.Count > 0).ToArray();
        foreach (var earlier in random.GetItems(accepted, 10))
        {
            var again = (await LoadClient.Send(api, earlier.Operation)).ShouldNotBeNull();
            again.Events.ShouldBe(earlier.Events);
        }
    }
}
