using System.Globalization;
using System.Text;
using System.Text.Json;
using Loire.Benchmarks.Commands;
using Loire.EventLog;

namespace Loire.Benchmarks.Sagas;

/// <summary>How the time of sagas is spread over what they record: from each event to the next, as they were decided.</summary>
internal static class SagaTimeline
{
    public static async Task<string> Of(IEventLog log, long after, string what)
    {
        var gaps = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var last = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var order = new List<string>();
        for (var position = after; position < log.Head;)
        {
            var page = await log.ReadAll(position, LogFilter.All, 2000);
            position = page.Through;
            foreach (var e in page.Events.Where(e => e.Metadata.CorrelationId is not null))
            {
                var correlation = e.Metadata.CorrelationId!;
                if (last.TryGetValue(correlation, out var before))
                {
                    var name = Name(e);
                    if (!gaps.TryGetValue(name, out var all))
                    {
                        order.Add(name);
                        gaps.Add(name, all = []);
                    }

                    all.Add((e.OccurredAt - before).TotalMilliseconds);
                }

                last[correlation] = e.OccurredAt;
            }
        }

        var table = new StringBuilder($"| {what}: time until | mean ms | p50 | p99 |\n|---|--:|--:|--:|\n");
        foreach (var name in order)
        {
            var times = new Latencies(gaps[name], TimeSpan.FromSeconds(1));
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {gaps[name].Average():0.0} | {times.Percentile(50):0.0} | {times.Percentile(99):0.0} |");
        }

        return table.ToString();
    }

    private static string Name(RecordedEvent e) => e.Type.EndsWith(".step-completed", StringComparison.Ordinal)
        ? $"step {JsonElement.Parse(e.Data.Span).GetProperty("step").GetString()} recorded"
        : e.Type;
}
