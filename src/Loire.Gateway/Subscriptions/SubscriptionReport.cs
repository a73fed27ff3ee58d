using Loire.Subscriptions;

namespace Loire.Gateway.Subscriptions;

/// <summary>How a subscription is doing, over all its partitions.</summary>
/// <param name="Definition">The subscription.</param>
/// <param name="Position">All of its partitions have handled the log up to here.</param>
/// <param name="Failures">Failures in a row of the worst partition.</param>
/// <param name="LastError">What a failing partition says, or else the last that any said.</param>
internal sealed record SubscriptionReport(SubscriptionDefinition Definition, long Position, int Failures, string? LastError)
{
    public static async Task<SubscriptionReport> Of(SubscriptionDefinition definition, IGrainFactory grains)
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, definition.Partitions).Select(partition =>
            grains.GetGrain<ISubscriptionGrain>($"{definition.Name}/{partition}").Status()));
        return new SubscriptionReport(
            definition,
            statuses.Min(s => s.Position),
            statuses.Max(s => s.Failures),
            statuses.OrderByDescending(s => s.Failures).Select(s => s.LastError).FirstOrDefault(e => e is not null));
    }
}
