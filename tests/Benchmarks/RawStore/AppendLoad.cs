using System.Diagnostics;
using Loire.EventLog;

namespace Loire.Benchmarks.RawStore;

/// <summary>Callers that append one event after the other, each waiting for its receipt.</summary>
public static class AppendLoad
{
    /// <summary>Each caller has a stream of its own at a time, out of many.</summary>
    /// <returns>Appends per second.</returns>
    public static Task<double> ManyStreams(IEventLog log, int callers, TimeSpan time)
    {
        var run = Guid.NewGuid();
        return Measure(callers, time, caller =>
        {
            // The caller's share of the streams, in turn.
            var share = Math.Max(1, BenchmarkEvents.Streams / callers);
            var versions = new long[share];
            return async n =>
            {
                var slot = (int)(n % share);
                var stream = new StreamName("order", $"{run}-{caller}-{slot}");
                await log.Append(new AppendRequest(stream, versions[slot]++, [BenchmarkEvents.Next()]));
            };
        });
    }

    /// <summary>All callers append to one stream, and take the next version when they send, as an aggregate does.</summary>
    public static Task<double> OneStream(IEventLog log, int callers, TimeSpan time)
    {
        var stream = new StreamName("order", Guid.NewGuid().ToString());
        var version = 0L;
        var gate = new Lock();
        return Measure(callers, time, _ => async _ =>
        {
            Task<AppendResult> append;
            lock (gate)
            {
                append = log.Append(new AppendRequest(stream, version++, [BenchmarkEvents.Next()]));
            }

            if (await append is not AppendResult.Appended)
            {
                throw new InvalidOperationException("An append did not go through.");
            }
        });
    }

    private static async Task<double> Measure(int callers, TimeSpan time, Func<int, Func<long, Task>> prepare)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var append = prepare(caller);
            var done = 0L;
            for (; clock.Elapsed < time; done++)
            {
                await append(done);
            }

            return done;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
