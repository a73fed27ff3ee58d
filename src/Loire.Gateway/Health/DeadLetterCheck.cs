using Loire.DeadLetters;
using Loire.Subscriptions;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Health;

/// <summary>Whether subscriptions have set aside many events. The platform works on, so this is degraded and not unhealthy.</summary>
internal sealed class DeadLetterCheck(DeadLetterCounts counts, IOptions<SubscriptionOptions> options)
{
    public async Task<HealthCheck> Check()
    {
        var all = await counts.Read();
        var growing = all.Where(c => c.Unhandled >= options.Value.DeadLetterAlert || c.LastMinute >= options.Value.DeadLetterAlertPerMinute).ToArray();
        return new HealthCheck(
            "deadLetters",
            Healthy: true,
            growing.Length == 0
                ? null
                : $"Events were set aside: {string.Join(", ", growing.Select(c => $"{c.Unhandled} of {c.Queue}, {c.LastMinute} in the last minute"))}.",
            writer =>
            {
                writer.WriteNumber("unhandled", all.Sum(c => c.Unhandled));
                writer.WriteNumber("parked", all.Sum(c => c.Parked));
                writer.WriteNumber("lastMinute", all.Sum(c => c.LastMinute));
            })
        {
            Degraded = growing.Length > 0,
        };
    }
}
