using System.Diagnostics.Metrics;
using Loire.Gateway.Metrics;
using Loire.Metrics;

namespace Loire.Tests.Metrics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly LoireMetrics _metrics = new();
    private readonly MetricRecorder _recorder;

    public PrometheusTextTests() => _recorder = new MetricRecorder(_metrics);

    public void Dispose()
    {
        _recorder.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Counters_add_up_by_their_labels()
    {
        var counter = _metrics.Meter.CreateCounter<long>("loire.test.things", "{thing}", "Things.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "b"));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "b"));

        Text().ShouldContain("""
            # HELP loire_test_things_total Things.
            # TYPE loire_test_things_total counter
            loire_test_things_total{kind="a"} 1
            loire_test_things_total{kind="b"} 5

            """);
    }

    [Fact]
    public void Buckets_of_a_histogram_count_all_that_is_not_above_them()
    {
        var histogram = _metrics.Meter.CreateHistogram(
            "loire.test.wait", "s", "Waiting.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in new[] { 0.25, 0.5, 0.75, 8 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("at", "door"));
        }

        Text().ShouldContain("""
            # HELP loire_test_wait_seconds Waiting.
            # TYPE loire_test_wait_seconds histogram
            loire_test_wait_seconds_bucket{at="door",le="0.5"} 2
            loire_test_wait_seconds_bucket{at="door",le="1"} 3
            loire_test_wait_seconds_bucket{at="door",le="+Inf"} 4
            loire_test_wait_seconds_sum{at="door"} 9.5
            loire_test_wait_seconds_count{at="door"} 4

            """);
    }

    [Fact]
    public void Gauges_are_observed_anew_and_what_is_gone_is_not_told()
    {
        (string Tank, int Level)[] seen = [("a", 1), ("b", 2)];
        _metrics.Meter.CreateObservableGauge(
            "loire.test.levels", () => seen.Select(s => new Measurement<double>(s.Level, new KeyValuePair<string, object?>("tank", s.Tank))));

        Text().ShouldContain("loire_test_levels{tank=\"a\"} 1\nloire_test_levels{tank=\"b\"} 2\n");
        seen = [("b", 3)];

        var text = Text();
        text.ShouldContain("loire_test_levels{tank=\"b\"} 3\n");
        text.ShouldNotContain("tank=\"a\"");
    }

    [Fact]
    public void What_stands_in_labels_and_help_cannot_break_a_line()
    {
        _metrics.Meter.CreateCounter<long>("loire.test-hostile", unit: null, "One\nTwo \\ \"three\"")
            .Add(1, new KeyValuePair<string, object?>("name", "a\"b\\c\nd"));

        Text().ShouldContain("""
            # HELP loire_test_hostile_total One\nTwo \\ "three"
            # TYPE loire_test_hostile_total counter
            loire_test_hostile_total{name="a\"b\\c\nd"} 1

            """);
    }

    [Fact]
    public void The_number_of_series_is_bounded_and_none_is_lost()
    {
        var counter = _metrics.Meter.CreateCounter<long>("loire.test.many");
        for (var i = 0; i < MetricFamily.MaxSeries + 5; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", i));
        }

        var lines = Text().Split('\n').Where(l => l.StartsWith("loire_test_many_total{", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(MetricFamily.MaxSeries + 1);
        lines.ShouldContain("loire_test_many_total{overflow=\"true\"} 5");
    }

    [Fact]
    public void Meters_of_other_hosts_are_not_listened_to()
    {
        using var other = new LoireMetrics();
        other.Meter.CreateCounter<long>("loire.test.elsewhere").Add(1);

        Text().ShouldNotContain("elsewhere");
    }

    private string Text() => _recorder.Read(PrometheusText.Write);
}
