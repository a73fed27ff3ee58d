using System.Diagnostics;
using Loire.Benchmarks.Commands;
using Orleans.Streams;

namespace Loire.Benchmarks.GrainCalls;

/// <summary>Producers, and the grains that are subscribed to their streams by an attribute.</summary>
internal sealed class StreamLoad(IStreamProvider streams, Deliveries deliveries)
{
    // More than that on the way, and a queue in memory may overflow.
    private const int OnTheWay = 8_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Each producer publishes as fast as it is let, to a stream of its own.</summary>
    /// <returns>Items per second, until the last has arrived.</returns>
    public async Task<double> Throughput(int producers, TimeSpan time)
    {
        deliveries.Take();
        var clock = Stopwatch.StartNew();
        var published = 0;
        var sent = await Task.WhenAll(Enumerable.Range(0, producers).Select(n => Task.Run(async () =>
        {
            var stream = StreamOf(n);
            var count = 0;
            for (; clock.Elapsed < time; count++)
            {
                while (Interlocked.Increment(ref published) - deliveries.Count > OnTheWay)
                {
                    Interlocked.Decrement(ref published);
                    await Task.Delay(1);
                }

                await stream.OnNextAsync(new Stamped(Stopwatch.GetTimestamp()));
            }

            return count;
        })));
        await Arrived(sent.Sum());
        return deliveries.Take().Count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>One producer publishes so many items per second.</summary>
    /// <returns>The time from publishing to arrival.</returns>
    public async Task<Latencies> Delay(int perSecond, TimeSpan time)
    {
        deliveries.Take();
        var stream = StreamOf(0);
        var clock = Stopwatch.StartNew();
        var sent = 0;
        while (clock.Elapsed < time)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                await stream.OnNextAsync(new Stamped(Stopwatch.GetTimestamp()));
            }

            await Task.Delay(1);
        }

        await Arrived(sent);
        return new Latencies(deliveries.Take(), clock.Elapsed);
    }

    private IAsyncStream<Stamped> StreamOf(int n) => streams.GetStream<Stamped>(StreamId.Create(ReceiverGrain.Namespace, $"s-{n}"));

    private async Task Arrived(int count)
    {
        for (var clock = Stopwatch.StartNew(); deliveries.Count < count; await Task.Delay(1))
        {
            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"Of {count} items {deliveries.Count} have arrived.");
            }
        }
    }
}
