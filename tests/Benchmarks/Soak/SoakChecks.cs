using System.Text.Json;
using EndToEnd.Crash;
using Loire.EventLog;

namespace Loire.Benchmarks.Soak;

/// <summary>What must hold when nobody sends commands and no saga is under way.</summary>
internal sealed class SoakChecks(
    SoakStore store, Rest rest, SoakClient client, Acknowledgements acknowledgements, Violations violations, Random random)
{
    /// <returns>How many events the log has.</returns>
    public async Task<int> All()
    {
        var log = await ReadLog();
        var acknowledged = acknowledgements.ReadAll();
        violations.Check(() => LogChecks.Positions_are_gapless(log));
        violations.Check(() => LogChecks.Versions_of_a_stream_are_gapless(log));
        violations.Check(() => LogChecks.What_was_acknowledged_is_there_once(log, acknowledged));
        violations.Check(() => DomainChecks.Every_order_has_one_saga_and_it_has_ended(log));
        violations.Check(() => DomainChecks.Nothing_happens_twice_to_an_order(log));
        violations.Check(() => DomainChecks.Orders_payments_and_shipments_agree(log));
        violations.Check(() => DomainChecks.Stock_is_neither_lost_nor_made(log));
        violations.Check(() => DomainChecks.No_account_is_overdrawn(log));
        await Views_are_what_the_log_says(log);
        await Repeated_keys_give_the_first_answer(acknowledged);
        violations.Check(() => store.Log.Head.ShouldBe(log.Count));
        return log.Count;
    }

    private async Task<List<LoggedEvent>> ReadLog()
    {
        var log = new List<LoggedEvent>();
        for (var after = 0L; after < store.Log.Head;)
        {
            var page = await store.Log.ReadAll(after, LogFilter.All, limit: 1000);
            log.AddRange(page.Events.Select(e => new LoggedEvent(
                e.Position,
                e.EventId,
                e.Stream.Aggregate,
                e.Stream.Id,
                e.Version,
                e.Type,
                JsonSerializer.Deserialize<JsonElement>(e.Data.Span),
                e.Metadata.CorrelationId)));
            after = page.Through;
        }

        return log;
    }

    private async Task Views_are_what_the_log_says(List<LoggedEvent> log)
    {
        foreach (var (view, expected) in new ExpectedViews(log).Documents)
        {
            var actual = (await rest.ReadAll(view)).ToDictionary(d => d.Id, d => JsonSerializer.Deserialize<JsonElement>(d.Json.Span));
            violations.Check(() =>
            {
                actual.Keys.ShouldBe(expected.Keys, ignoreOrder: true, view);
                foreach (var (id, document) in expected)
                {
                    JsonElement.DeepEquals(actual[id], JsonSerializer.SerializeToElement(document))
                        .ShouldBeTrue($"{view}/{id} is {actual[id]} and must be {document.ToJsonString()}");
                }
            });
        }
    }

    private async Task Repeated_keys_give_the_first_answer(List<Acknowledgement> acknowledged)
    {
        var accepted = acknowledged.Where(a => a.Rejection is null && a.Events.Count > 0).ToArray();
        foreach (var earlier in random.GetItems(accepted, 10))
        {
            if (await client.Send(earlier.Operation) is var (again, _))
            {
                violations.Check(() => again.Events.ShouldBe(earlier.Events, earlier.Operation.ToString()));
            }
        }
    }
}
