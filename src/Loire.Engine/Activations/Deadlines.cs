using System.Collections.Concurrent;

namespace Loire.Engine;

/// <summary>
/// Tells callers that their time is over. One look at the busy activations every <see cref="EngineClock.Period"/> replaces
/// a timer for every call.
/// </summary>
internal sealed class Deadlines
{
    private readonly Lock _sweeping = new();
    private readonly ConcurrentQueue<ActivationScheduler> _added = new();
    private readonly List<GrainRequest> _overdue = [];
    private List<ActivationScheduler> _watched = [];

    public void Watch(ActivationScheduler scheduler) => _added.Enqueue(scheduler);

    /// <summary>Looks once, unless somebody else does so just now.</summary>
    public void Sweep(long now)
    {
        if (!_sweeping.TryEnter())
        {
            return;
        }

        try
        {
            SweepAlone(now);
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private void SweepAlone(long now)
    {
        while (_added.TryDequeue(out var scheduler))
        {
            _watched.Add(scheduler);
        }

        _watched = _watched.FindAll(scheduler => scheduler.CollectOverdue(now, _overdue));
        foreach (var request in _overdue)
        {
            request.TimeOut();
        }

        _overdue.Clear();
    }
}
