using System.Diagnostics;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Loire.Benchmarks.GrainCalls;

/// <summary>An item that knows when it was published.</summary>
[GenerateSerializer, Immutable, Alias("loire.benchmarks.stamped")]
public sealed record Stamped([property: Id(0)] long Timestamp);

/// <summary>What has arrived.</summary>
public sealed class Deliveries
{
    private readonly Lock _gate = new();
    private List<double> _milliseconds = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _milliseconds.Count;
            }
        }
    }

    public void Add(Stamped item)
    {
        var milliseconds = Stopwatch.GetElapsedTime(item.Timestamp).TotalMilliseconds;
        lock (_gate)
        {
            _milliseconds.Add(milliseconds);
        }
    }

    /// <summary>The times from publishing to arrival, in milliseconds, of what has arrived since the last call.</summary>
    public List<double> Take()
    {
        lock (_gate)
        {
            return Interlocked.Exchange(ref _milliseconds, []);
        }
    }
}

/// <summary>Receives what is published under its key.</summary>
[ImplicitStreamSubscription(Namespace)]
public sealed class ReceiverGrain(Deliveries deliveries)
    : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncObserver<Stamped>
{
    public const string Namespace = "loire.benchmarks";

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<Stamped>().ResumeAsync(this);

    public Task OnNextAsync(Stamped item, StreamSequenceToken? token = null)
    {
        deliveries.Add(item);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
