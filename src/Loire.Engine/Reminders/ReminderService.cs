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

    public async Task Start(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        foreach (var row in (await table.ReadRows(0, 0)).Reminders)
        {
            Schedule(row, runtime.Time.GetUtcNow().UtcDateTime);
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
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
        Schedule(row, row.StartAt);
        return new Reminder(row);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        var row = ((Reminder)reminder).Row;
        if (!await table.RemoveRow(row.GrainId, row.ReminderName, row.ETag ?? ""))
        {
            throw new ReminderException($"{row} has been changed or removed since it was read");
        }

        if (_scheduled.TryRemove((row.GrainId, row.ReminderName), out var scheduled))
        {
            scheduled.Dispose();
        }
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        await table.ReadRow(callingGrainId, reminderName) is { } row ? new Reminder(row) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        (await table.ReadRows(callingGrainId)).Reminders.Select(IGrainReminder (row) => new Reminder(row)).ToList();

    private void Schedule(ReminderEntry row, DateTime from)
    {
        var scheduled = new ScheduledReminder(row, from, runtime);
        _scheduled.AddOrUpdate((row.GrainId, row.ReminderName), static (_, added) => added, static (_, replaced, added) =>
        {
            replaced.Dispose();
            return added;
        }, scheduled);
        scheduled.SetNextTick();
    }

    private sealed record Reminder(ReminderEntry Row) : IGrainReminder
    {
        public string ReminderName => Row.ReminderName;
    }
}
