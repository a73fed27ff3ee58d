using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans;

/// <summary>Reminders of a grain: timers that outlive its activation.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Adds or replaces a reminder.</summary>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        grain is IRemindable
            ? Registry(grain).RegisterOrUpdateReminder(grain.GrainContext.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException($"{grain.GetType()} is no {nameof(IRemindable)}");

    /// <inheritdoc cref="RegisterOrUpdateReminder(IGrainBase, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        ((IGrainBase)grain).RegisterOrUpdateReminder(reminderName, dueTime, period);

    /// <summary>Removes a reminder.</summary>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        Registry(grain).UnregisterReminder(grain.GrainContext.GrainId, reminder);

    /// <inheritdoc cref="UnregisterReminder(IGrainBase, IGrainReminder)"/>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) =>
        ((IGrainBase)grain).UnregisterReminder(reminder);

    /// <summary>One reminder, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        Registry(grain).GetReminder(grain.GrainContext.GrainId, reminderName);

    /// <inheritdoc cref="GetReminder(IGrainBase, string)"/>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) =>
        ((IGrainBase)grain).GetReminder(reminderName);

    /// <summary>All reminders of the grain.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) =>
        Registry(grain).GetReminders(grain.GrainContext.GrainId);

    /// <inheritdoc cref="GetReminders(IGrainBase)"/>
    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => ((IGrainBase)grain).GetReminders();

    private static IReminderRegistry Registry(IGrainBase grain) =>
        grain.GrainContext.ActivationServices.GetService<IReminderRegistry>()
        ?? throw new OrleansConfigurationException("The host has no reminder service");
}
