using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Loire.Engine;

/// <summary>Keeps reminders in the table and a timer for each.</summary>
internal sealed class ReminderService(IReminderTable table, EngineRuntime runtime, IOptions<ReminderOptions> options)
    : IReminderRegistry, IEngineService
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ScheduledReminder> _scheduled = new();
    private readonly ReminderRing? _ring =
        runtime.Cluster?.Share(typeof(ReminderRing), static () => new ReminderRing());

    public bool IsAlive => runtime.Accepts;

    public async Task Start(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        _ring?.Join(this);
        foreach (var row in (await table.ReadRows(0, 0)).Reminders)
        {
            // What others have told meanwhile is newer than what was read.
            Schedule(row, runtime.Time.GetUtcNow().UtcDateTime, static (_, known) => known);
        }

        _ring?.BecomeReady(this);
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        _ring?.Leave(this);
        foreach (var (_, reminder) in _scheduled)
        {
            reminder.Dispose();
        }

        await table.StopAsync(cancellationToken);
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"A reminder's period is at least {options.Value.MinimumReminderPeriod}; {period} is shorter", nameof(period));
        }

        var row = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = runtime.Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        row.ETag = await table.UpsertRow(row);
        Tell(service => service.Schedule(row, row.StartAt, static (added, _) => added));
        return new Reminder(row);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        var row = ((Reminder)reminder).Row;
        if (!await table.RemoveRow(row.GrainId, row.ReminderName, row.ETag ?? ""))
        {
            throw new ReminderException($"{row} has been changed or removed since it was read");
        }

        Tell(service => service.Forget(row));
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        await table.ReadRow(callingGrainId, reminderName) is { } row ? new Reminder(row) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        (await table.ReadRows(callingGrainId)).Reminders.Select(IGrainReminder (row) => new Reminder(row)).ToList();

    private void Tell(Action<ReminderService> change)
    {
        if (_ring is null)
        {
            change(this);
        }
        else
        {
            _ring.Tell(change);
        }
    }

    private void Schedule(
        ReminderEntry row, DateTime from, Func<ScheduledReminder, ScheduledReminder, ScheduledReminder> choose)
    {
        var added = new ScheduledReminder(row, from, runtime, _ring is null ? null : MayTick);
        var kept = _scheduled.AddOrUpdate(
            (row.GrainId, row.ReminderName), added, (_, known) =>
            {
                var kept = choose(added, known);
                (ReferenceEquals(kept, added) ? known : added).Dispose();
                return kept;
            });
        if (ReferenceEquals(kept, added))
        {
            added.SetNextTick();
        }
    }

    private void Forget(ReminderEntry row)
    {
        if (_scheduled.TryRemove((row.GrainId, row.ReminderName), out var scheduled))
        {
            scheduled.Dispose();
        }
    }

    // A service that was told too early or too late finds out here.
    private async Task<bool> MayTick(ReminderEntry row)
    {
        if (!_ring!.Owns(this, row.GrainId))
        {
            return false;
        }

        var current = await table.ReadRow(row.GrainId, row.ReminderName);
        return string.Equals(current?.ETag, row.ETag, StringComparison.Ordinal);
    }

    private sealed record Reminder(ReminderEntry Row) : IGrainReminder
    {
        public string ReminderName => Row.ReminderName;
    }
}
