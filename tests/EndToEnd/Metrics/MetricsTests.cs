using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Metrics;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_tell_what_has_happened_in_a_form_that_can_be_read()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        using var http = new HttpClient { BaseAddress = silo.Address };
        (await api.Post("/api/account/m-1/open", """{"ownerId":"ada","initialBalance":0}""")).Ok();
        (await api.Post("/api/account/m-1/deposit", """{"amount":5}""")).Ok();
        await api.Post("/api/account/m-1/withdraw", """{"amount":50}""");
        await api.Until("/api/subscriptions", a => a["items"].EnumerateArray().All(s =>
            s.GetProperty("lag").GetInt64() == 0 && s.GetProperty("status").GetString() == "ok"));

        var metrics = await Read(http);

        metrics["loire_command_duration_seconds_count{aggregate=\"account\",outcome=\"accepted\"}"].ShouldBe(2);
        metrics["loire_command_duration_seconds_count{aggregate=\"account\",outcome=\"rejected\"}"].ShouldBe(1);
        metrics["loire_command_duration_seconds_bucket{aggregate=\"account\",outcome=\"rejected\",le=\"+Inf\"}"].ShouldBe(1);
        metrics["loire_events_appended_total{aggregate=\"account\"}"].ShouldBe(2);
        metrics["loire_log_head"].ShouldBe(2);
        metrics["loire_subscription_position{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBe(2);
        metrics["loire_subscription_lag{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBe(0);
        metrics["loire_subscription_lag_time_seconds{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBe(0);
        metrics["loire_subscription_events_total{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBe(2);
        metrics["loire_subscription_failures_total{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBe(0);
        metrics["loire_subscription_heartbeat_age_seconds{subscription=\"accounts@1\",partition=\"0\"}"].ShouldBeInRange(0, 60);
        metrics["loire_relay_heartbeat_age_seconds"].ShouldBeInRange(0, 60);
    }

    /// <summary>Every line is a comment or a sample, and every sample belongs to the type that was told before it.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> Read(HttpClient http)
    {
        using var answer = await http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldEndWith("\n");
        Dictionary<string, double> samples = [];
        var family = "";
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var sample = Sample().Match(line);
                sample.Success.ShouldBeTrue(line);
                sample.Groups["name"].Value.ShouldStartWith(family);
                samples.Add(sample.Groups["series"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
            }
        }

        return samples;
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-z_]+)(\{([a-z_]+="([^"\\]|\\.)*",?)+\})?) (?<value>[-+0-9.eE]+)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
