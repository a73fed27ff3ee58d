using System.Diagnostics;

namespace Loire.Benchmarks.Commands;

/// <summary>Clients that each wait for an answer before they send the next command.</summary>
internal static class ClosedLoop
{
    /// <param name="clients">How many.</param>
    /// <param name="time">For how long they begin new commands.</param>
    /// <param name="send">Sends the n-th command of a client.</param>
    public static async Task<Latencies> Run(int clients, TimeSpan time, Func<int, long, Task> send)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var latencies = new List<double>();
            for (var n = 0L; clock.Elapsed < time; n++)
            {
                var start = Stopwatch.GetTimestamp();
                await send(client, n);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return latencies;
        })));
        return new Latencies(all.SelectMany(l => l), clock.Elapsed, Environment.CpuUsage.TotalTime - processor);
    }
}
