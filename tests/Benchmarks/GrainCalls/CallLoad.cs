using System.Diagnostics;
using Loire.Benchmarks.Commands;

namespace Loire.Benchmarks.GrainCalls;

/// <summary>Callers that each wait for an answer before they call again.</summary>
internal static class CallLoad
{
    // Looking at the clock takes as long as a part of a call, so only some calls are timed.
    private const int TimedOf = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    /// <returns>How many calls there were per second, and how long those took that were timed.</returns>
    public static async Task<(double PerSecond, Latencies Timed)> Run(int callers, Func<int, Func<ValueTask>> caller)
    {
        await Run(callers, caller, WarmUp);
        return await Run(callers, caller, Measured);
    }

    private static async Task<(double PerSecond, Latencies Timed)> Run(int callers, Func<int, Func<ValueTask>> caller, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(n => Task.Run(() => Call(caller(n), clock, time))));
        var timed = new Latencies(results.SelectMany(result => result.Milliseconds), clock.Elapsed);
        return (results.Sum(result => result.Calls) / clock.Elapsed.TotalSeconds, timed);
    }

    private static async Task<(long Calls, List<double> Milliseconds)> Call(Func<ValueTask> call, Stopwatch clock, TimeSpan time)
    {
        var milliseconds = new List<double>();
        var calls = 0L;
        for (; clock.Elapsed < time; calls += TimedOf)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            for (var i = 1; i < TimedOf; i++)
            {
                await call();
            }
        }

        return (calls, milliseconds);
    }
}
