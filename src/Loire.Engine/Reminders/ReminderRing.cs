using System.Collections.Immutable;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>
/// The reminder services of a cluster. Each has a timer for every reminder, and the one that owns a grain when a timer is
/// due lets it tick: so there is nothing to hand over when a silo joins, stops or dies.
/// </summary>
internal sealed class ReminderRing
{
    private ImmutableList<ReminderService> _all = [];
    private ImmutableList<ReminderService> _ready = [];

    /// <summary>From here on a service hears of changes. It has to read the table after that.</summary>
    public void Join(ReminderService service) => ImmutableInterlocked.Update(ref _all, static (all, s) => all.Add(s), service);

    /// <summary>From here on a service has a timer for every reminder.</summary>
    public void BecomeReady(ReminderService service) =>
        ImmutableInterlocked.Update(ref _ready, static (all, s) => all.Add(s), service);

    public void Leave(ReminderService service)
    {
        ImmutableInterlocked.Update(ref _ready, static (all, s) => all.Remove(s), service);
        ImmutableInterlocked.Update(ref _all, static (all, s) => all.Remove(s), service);
    }

    public bool Owns(ReminderService service, GrainId grain)
    {
        var able = _ready.FindAll(s => s.IsAlive);
        return able.Count > 0 && able[(int)(grain.GetUniformHashCode() % (uint)able.Count)] == service;
    }

    public void Tell(Action<ReminderService> change) => _all.ForEach(change);
}
