using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that can be reminded.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>Runs when a reminder ticks.</summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    /// <summary>Where reminders are kept.</summary>
    public interface IReminderTable
    {
        /// <summary>Runs before anything else.</summary>
        Task StartAsync(CancellationToken cancellationToken = default);

        /// <summary>Runs when the host stops.</summary>
        Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        /// <summary>The reminders of a grain.</summary>
        Task<ReminderTableData> ReadRows(GrainId grainId);

        /// <summary>
        /// The reminders of the grains whose uniform hash is greater than <paramref name="begin"/> and at most
        /// <paramref name="end"/>; where <paramref name="begin"/> is not less than <paramref name="end"/>, those outside of
        /// that, so that (0, 0) is all.
        /// </summary>
        Task<ReminderTableData> ReadRows(uint begin, uint end);

        /// <summary>One reminder, or null.</summary>
        Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

        /// <summary>Adds or replaces a reminder; the new version.</summary>
        Task<string?> UpsertRow(ReminderEntry entry);

        /// <summary>Removes a reminder if it has this version; whether it had.</summary>
        Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

        /// <summary>Removes everything.</summary>
        Task TestOnlyClearTable();
    }

    /// <summary>A reminder as it is kept.</summary>
    [GenerateSerializer]
    public sealed class ReminderEntry
    {
        /// <summary>The grain.</summary>
        [Id(0)]
        public GrainId GrainId { get; set; }

        /// <summary>The name, unique in the grain.</summary>
        [Id(1)]
        public string ReminderName { get; set; } = "";

        /// <summary>The first tick, in UTC.</summary>
        [Id(2)]
        public DateTime StartAt { get; set; }

        /// <summary>The time between ticks.</summary>
        [Id(3)]
        public TimeSpan Period { get; set; }

        /// <summary>The version.</summary>
        [Id(4)]
        public string? ETag { get; set; }

        /// <inheritdoc />
        public override string ToString() => $"{ReminderName} of {GrainId} from {StartAt:O} every {Period}";
    }

    /// <summary>Reminders.</summary>
    [GenerateSerializer]
    public sealed class ReminderTableData
    {
        public ReminderTableData()
            : this([])
        {
        }

        public ReminderTableData(ReminderEntry entry)
            : this([entry])
        {
        }

        public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

        /// <summary>The reminders.</summary>
        [Id(0)]
        public IList<ReminderEntry> Reminders { get; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A reminder that a grain has.</summary>
    public interface IGrainReminder
    {
        /// <summary>The name, unique in the grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>Which tick it is. Times are in UTC.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        /// <summary>When the first tick was due.</summary>
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        /// <summary>The time between ticks.</summary>
        [Id(1)]
        public TimeSpan Period { get; } = period;

        /// <summary>When this tick happens.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;
    }

    /// <summary>A reminder cannot be changed.</summary>
    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans.Timers
{
    /// <summary>Keeps the reminders of grains.</summary>
    public interface IReminderRegistry
    {
        /// <summary>Adds or replaces a reminder.</summary>
        Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

        /// <summary>Removes a reminder.</summary>
        Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

        /// <summary>One reminder, or null.</summary>
        Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

        /// <summary>The reminders of a grain.</summary>
        Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
    }
}

namespace Orleans.Hosting
{
    /// <summary>Settings of reminders.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The shortest period. 1 minute unless set.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
