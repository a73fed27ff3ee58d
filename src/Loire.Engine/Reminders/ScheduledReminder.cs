using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The timer of one reminder.</summary>
internal sealed class ScheduledReminder : IDisposable
{
    // Longer waits than a timer can take are made in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly ReminderEntry _row;
    private readonly EngineRuntime _runtime;
    private readonly Func<ReminderEntry, Task<bool>>? _mayTick;
    private readonly ITimer _timer;
    private DateTime _next;
    private volatile bool _disposed;

    /// <summary>Ticks that were due before <paramref name="from"/> are not made up for.</summary>
    /// <param name="row">The reminder.</param>
    /// <param name="from">When it was scheduled.</param>
    /// <param name="runtime">Where it ticks.</param>
    /// <param name="mayTick">Asked when a tick is due, where others have a timer for the same reminder.</param>
    public ScheduledReminder(ReminderEntry row, DateTime from, EngineRuntime runtime, Func<ReminderEntry, Task<bool>>? mayTick)
    {
        _row = row;
        _runtime = runtime;
        _mayTick = mayTick;
        _next = NextAfter(from);
        _timer = runtime.Time.CreateTimer(
            static reminder => _ = ((ScheduledReminder)reminder!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private DateTime Now => _runtime.Time.GetUtcNow().UtcDateTime;

    public void SetNextTick()
    {
        var wait = _next - Now;
        if (!_disposed)
        {
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private async Task OnDue()
    {
        if (Now >= _next && !_disposed)
        {
            await Tick();
            _next = NextAfter(Now);
        }

        SetNextTick();
    }

    private async Task Tick()
    {
        try
        {
            if (_mayTick is not null && !await _mayTick(_row))
            {
                return;
            }

            var call = new ReminderCall(_row.ReminderName, new TickStatus(_row.StartAt, _row.Period, Now));
            if (_runtime.Stamp(call))
            {
                _runtime.Deliver(_row.GrainId, call);
                await call.Reply;
            }
        }
        catch (Exception exception) when (_runtime.IsCutOff(exception))
        {
            _runtime.Log.CutOff(exception, _row.GrainId);
        }
        catch (Exception exception)
        {
            _runtime.Log.ReminderFailed(exception, _row.ReminderName, _row.GrainId);
        }
    }

    private DateTime NextAfter(DateTime now) => now <= _row.StartAt
        ? _row.StartAt
        : _row.StartAt + (_row.Period * (Math.Floor((now - _row.StartAt) / _row.Period) + 1));

    private sealed class ReminderCall(string name, TickStatus status) : TaskRequest
    {
        private static readonly GrainMethod ReceiveReminder =
            new(typeof(IRemindable), nameof(IRemindable.ReceiveReminder), [typeof(string), typeof(TickStatus)]);

        public override GrainMethod Method => ReceiveReminder;

        public override int GetArgumentCount() => 2;

        public override object GetArgument(int index) => index == 0 ? name : status;

        protected override Task Call(object grain) => ((IRemindable)grain).ReceiveReminder(name, status);
    }
}
