using System.Diagnostics;
using EndToEnd.Crash;

namespace Loire.Benchmarks.Soak;

/// <summary>Sends one command after the other, so many per second.</summary>
internal sealed class SoakCaller(Workload workload, SoakClient client, Acknowledgements acknowledgements, Violations violations)
{
    private readonly Dictionary<(string Aggregate, string Id), long> _versions = [];

    /// <summary>From the first call for each command to its answer, in milliseconds.</summary>
    public List<double> Latencies { get; } = [];

    public async Task Run(TimeSpan period, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period);
        while (!stop.IsCancellationRequested)
        {
            var operation = workload.Next();
            var start = Stopwatch.GetTimestamp();
            if (await client.Send(operation) is not var (answer, receipt))
            {
                continue;
            }

            Latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            acknowledgements.Add(answer);
            if (receipt is { Events.IsEmpty: false })
            {
                IsInOrder(operation, receipt.Version);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // What this caller sends to one aggregate, it sends one after the other.
    private void IsInOrder(Operation operation, long version)
    {
        var aggregate = (operation.Aggregate, operation.Id);
        if (_versions.GetValueOrDefault(aggregate) >= version)
        {
            violations.Add($"{operation} got version {version}, and what was sent before it got {_versions[aggregate]}");
        }

        _versions[aggregate] = version;
    }
}
