namespace Loire.Testing.Simulation;

/// <summary>Virtual time: it stands still while something happens, and jumps to the next timer when nothing does.</summary>
public sealed partial class Simulator
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Timers that are due at the same time come in an order that the seed decides.
    private readonly PriorityQueue<(SimulatedTimer Timer, int Setting), (TimeSpan Due, ulong Order)> _timers = new();

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now { get; private set; }

    internal DateTimeOffset UtcNow => Start + Now;

    private TimeSpan? NextTimer => _timers.TryPeek(out _, out var next) ? next.Due : null;

    /// <summary>Waits in virtual time.</summary>
    public Task Delay(TimeSpan time) => Task.Delay(time, Callers.Time);

    internal void Schedule(SimulatedTimer timer, int setting, TimeSpan dueIn) =>
        _timers.Enqueue((timer, setting), (Now + dueIn, Random.NextUInt64()));

    private void FireNextTimer()
    {
        if (!_timers.TryDequeue(out var next, out var when))
        {
            throw new SimulationStuckException("Nothing is left to do, and no timer is set.");
        }

        Now = when.Due > Now ? when.Due : Now;
        if (next.Timer.IsSet(next.Setting))
        {
            next.Timer.Process.Enqueue("timer", next.Timer.Run);
        }
    }
}
