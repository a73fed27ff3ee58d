using System.Net;
using System.Text.Json;
using EndToEnd.Http;

namespace EndToEnd.Crash;

/// <summary>Compares views with what the log says they must be.</summary>
internal static class ViewChecks
{
    public static async Task Views_are_what_the_log_says(Api api, IReadOnlyList<LoggedEvent> log)
    {
        foreach (var (view, documents) in new ExpectedViews(log).Documents)
        {
            var actual = await ReadAll(api, view, log.Count);
            actual.Keys.ShouldBe(documents.Keys, ignoreOrder: true, view);
            foreach (var (id, document) in documents)
            {
                JsonElement.DeepEquals(actual[id], JsonSerializer.SerializeToElement(document))
                    .ShouldBeTrue($"{view}/{id} is {actual[id]} and must be {document.ToJsonString()}");
            }
        }
    }

    /// <summary>The accounts and the stock as their aggregates see them, which is not how views do.</summary>
    public static async Task Aggregates_agree_with_views(Api api, IReadOnlyList<LoggedEvent> log)
    {
        var views = new ExpectedViews(log).Documents;
        foreach (var (id, account) in views["accounts"])
        {
            var state = (await api.Get($"/api/account/{id}")).Ok()["state"];
            state.GetProperty("balance").GetDecimal().ShouldBe(account["balance"]!.GetValue<decimal>(), id);
        }

        foreach (var (id, stock) in views["inventory"])
        {
            var state = (await api.Get($"/api/inventory/{id}")).Ok()["state"];
            state.GetProperty("available").GetDecimal().ShouldBe(stock["available"]!.GetValue<decimal>(), id);
            state.GetProperty("reserved").GetDecimal().ShouldBe(stock["reserved"]!.GetValue<decimal>(), id);
        }
    }

    private static async Task<Dictionary<string, JsonElement>> ReadAll(Api api, string view, long position)
    {
        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var cursor = ""; cursor is not null;)
        {
            // Views may be behind for a while when a silo has died; whoever is told so asks again.
            var page = (await api.Until(
                $"/api/views/{view}?limit=1000&cursor={cursor}&after={position}", a => a.Status != HttpStatusCode.ServiceUnavailable)).Ok();
            foreach (var document in page["items"].EnumerateArray())
            {
                documents.Add(document.GetProperty("id").GetString()!, document);
            }

            cursor = page["next"].GetString();
        }

        return documents;
    }
}
