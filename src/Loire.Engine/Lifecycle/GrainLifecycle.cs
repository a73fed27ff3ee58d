using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The stages that one activation goes through.</summary>
internal sealed class GrainLifecycle : IGrainLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private int _started = GrainLifecycleStage.First;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        var subscription = new Subscription(this, stage, observer);
        _subscriptions.Add(subscription);
        return subscription;
    }

    public async Task Start(CancellationToken cancellationToken)
    {
        foreach (var stage in _subscriptions.GroupBy(s => s.Stage).OrderBy(g => g.Key).ToList())
        {
            await Task.WhenAll(stage.Select(s => s.Observer.OnStart(cancellationToken)));
            _started = stage.Key;
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        var started = _subscriptions.Where(s => s.Stage <= _started);
        foreach (var stage in started.GroupBy(s => s.Stage).OrderByDescending(g => g.Key).ToList())
        {
            await Task.WhenAll(stage.Select(s => s.Observer.OnStop(cancellationToken)));
        }
    }

    private sealed record Subscription(GrainLifecycle Owner, int Stage, ILifecycleObserver Observer) : IDisposable
    {
        public void Dispose() => Owner._subscriptions.Remove(this);
    }
}
