using System.Diagnostics.Metrics;
using Loire.Commands;

namespace Loire.Metrics;

/// <summary>What the platform counts and measures, as a meter named <c>Loire</c> that OpenTelemetry and others can listen to.</summary>
public sealed class LoireMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Loire";

    // From a command that is answered from memory to one that waits for a disk that does not answer.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Histogram<double> _commands;
    private readonly Counter<long> _appended;

    public LoireMetrics()
    {
        Meter = new Meter(MeterName);
        _commands = Meter.CreateHistogram(
            "loire.command.duration",
            "s",
            "Time from the arrival of a command at its aggregate to the answer.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _appended = Meter.CreateCounter<long>("loire.events.appended", "{event}", "Events that this silo has appended to the log.");
    }

    /// <summary>The meter of this host. Several silos in one process have one each, all of the same name.</summary>
    public Meter Meter { get; }

    public void Dispose() => Meter.Dispose();

    internal void Answered(string aggregate, CommandResult? result, TimeSpan taken)
    {
        if (_commands.Enabled)
        {
            _commands.Record(
                taken.TotalSeconds, new KeyValuePair<string, object?>("aggregate", aggregate), new KeyValuePair<string, object?>("outcome", OutcomeOf(result)));
        }
    }

    internal void Appended(string aggregate, int events)
    {
        if (_appended.Enabled && events > 0)
        {
            _appended.Add(events, new KeyValuePair<string, object?>("aggregate", aggregate));
        }
    }

    // Written out, so that nothing is made for each command.
    private static string OutcomeOf(CommandResult? result) => result switch
    {
        CommandResult.Accepted { Replayed: false } => "accepted",
        CommandResult.Accepted => "replayed",
        CommandResult.Rejected => "rejected",
        CommandResult.VersionMismatch => "version-mismatch",
        CommandResult.KeyReused => "key-reused",
        CommandResult.InFlight => "in-flight",
        CommandResult.Invalid => "invalid",
        CommandResult.UnknownCommand => "unknown-command",
        CommandResult.StoreUnavailable => "store-unavailable",
        _ => "failed",
    };
}
