using System.Globalization;
using System.Text;

namespace Loire.Gateway.Metrics;

/// <summary>Writes metrics in the text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            Write(text, family);
        }

        return text.ToString();
    }

    /// <summary><c>loire.command.duration</c> in <c>s</c> is <c>loire_command_duration_seconds</c>; a counter ends in <c>_total</c>.</summary>
    internal static string NameOf(MetricFamily family)
    {
        var name = new StringBuilder();
        foreach (var c in family.Instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return name
            .Append(family.Instrument.Unit == "s" ? "_seconds" : "")
            .Append(family.Kind == MetricKind.Counter ? "_total" : "")
            .ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family)
    {
        var name = NameOf(family);
        text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Instrument.Description ?? "", quotes: false)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(family.Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach (var (labels, reading) in family.Series.OrderBy(s => Text(s.Labels), StringComparer.Ordinal))
        {
            if (family.Kind == MetricKind.Histogram)
            {
                WriteHistogram(text, name, family.Bounds, labels, reading);
            }
            else
            {
                Line(text, name, Text(labels), reading.Sum);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, IReadOnlyList<double> bounds, Labels labels, SeriesReading reading)
    {
        var upTo = 0L;
        for (var i = 0; i < bounds.Count; i++)
        {
            upTo += reading.Buckets[i];
            Line(text, $"{name}_bucket", Text(labels, ("le", Number(bounds[i]))), upTo);
        }

        Line(text, $"{name}_bucket", Text(labels, ("le", "+Inf")), reading.Count);
        Line(text, $"{name}_sum", Text(labels), reading.Sum);
        Line(text, $"{name}_count", Text(labels), reading.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static string Text(Labels labels, params IEnumerable<(string Name, string Value)> more)
    {
        var all = string.Join(',', labels.All.Concat(more).Select(l => $"{l.Name}=\"{Escape(l.Value, quotes: true)}\""));
        return all.Length == 0 ? "" : $"{{{all}}}";
    }

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
