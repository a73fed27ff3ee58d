using System.Text.Json;
using Loire.Benchmarks.Soak;

namespace Loire.Benchmarks.Campaign;

/// <summary>Views and deliveries against what was written, without any help from the platform.</summary>
internal sealed class CampaignChecks(
    CampaignOptions options, CampaignEvents events, Rest rest, Deliveries deliveries, List<string> violations)
{
    public async Task All()
    {
        var accounts = await Amounts("account-sums");
        var disorder = (await rest.ReadAll("account-sums")).Count(d => !JsonElement.Parse(d.Json.Span).GetProperty("inOrder").GetBoolean());
        Check(disorder == 0, $"{disorder} accounts were given events out of order");
        var groups = new Dictionary<string, decimal>(StringComparer.Ordinal);
        for (var stream = 0; stream < options.Streams; stream++)
        {
            var id = CampaignEvents.IdOf(stream);
            var amount = Enumerable.Range(1, CampaignOptions.EventsPerStream).Sum(version => events.AmountAt(stream, version));
            Check(accounts.GetValueOrDefault(id) == amount, $"account-sums/{id} is {accounts.GetValueOrDefault(id)}, and {amount} was written");
            Check(deliveries.VersionOf(id) == CampaignOptions.EventsPerStream, $"{id} was delivered up to version {deliveries.VersionOf(id)}");
            groups[CampaignEvents.GroupOf(id)] = groups.GetValueOrDefault(CampaignEvents.GroupOf(id)) + amount;
        }

        var sums = await Amounts("group-sums");
        foreach (var (group, amount) in groups)
        {
            Check(sums.GetValueOrDefault(group) == amount, $"group-sums/{group} is {sums.GetValueOrDefault(group)}, and {amount} was written");
        }

        Check(accounts.Count == options.Streams && sums.Count == groups.Count, "A view has documents that nobody wrote");
    }

    private async Task<Dictionary<string, decimal>> Amounts(string view) => (await rest.ReadAll(view)).ToDictionary(
        d => d.Id, d => JsonElement.Parse(d.Json.Span).GetProperty("amount").GetDecimal(), StringComparer.Ordinal);

    private void Check(bool holds, string violation)
    {
        if (!holds)
        {
            violations.Add(violation);
        }
    }
}
