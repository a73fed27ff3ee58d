using System.Globalization;
using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Reminders;

/// <summary>Keeps the reminders of grains in the platform's store, so that they outlive the process.</summary>
internal sealed class StoredReminderTable(IViewStore store) : IReminderTable
{
    private static readonly ViewField Grain = new("grain", ViewFieldKind.Text, Indexed: true);
    private static readonly ViewSchema Schema = new(SystemViews.Reminders, 1, [Grain]);

    // Reminders are no reader of the log: their checkpoint stays where it is.
    private static readonly CheckpointMove Still = new(SystemViews.Reminders, Partition: 0, From: 0, To: 0);

    public Task StartAsync(CancellationToken cancellationToken = default) => store.Define(Schema, cancellationToken);

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new((await store.FindBy(Schema, Grain.Name, grainId.ToString())).Select(ToEntry));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var entries = new List<ReminderEntry>();
        var query = new ViewQuery { Limit = 1000, CountTotal = false };
        do
        {
            var page = await store.Query(Schema, query);
            entries.AddRange(page.Items.Select(ToEntry).Where(e => IsWithin(e.GrainId.GetUniformHashCode(), begin, end)));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return new ReminderTableData(entries);
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        await store.Find(Schema, IdOf(grainId, reminderName)) is { } document ? ToEntry(document) : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var row = new Row(
            entry.GrainId.ToString(),
            entry.ReminderName,
            new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)),
            entry.Period,
            Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        await Write(new DocumentChange.Put(
            Schema, IdOf(entry.GrainId, entry.ReminderName), JsonSerializer.SerializeToUtf8Bytes(row, LoireJson.Stored)));
        return row.ETag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        if (await ReadRow(grainId, reminderName) is not { } row || row.ETag != eTag)
        {
            return false;
        }

        await Write(new DocumentChange.Delete(Schema, IdOf(grainId, reminderName)));
        return true;
    }

    public async Task TestOnlyClearTable()
    {
        foreach (var row in (await ReadRows(0, 0)).Reminders)
        {
            await Write(new DocumentChange.Delete(Schema, IdOf(row.GrainId, row.ReminderName)));
        }
    }

    private async Task Write(DocumentChange change)
    {
        if (!await store.Commit(Still, [change]))
        {
            throw new StoreUnavailableException("The reminders have a checkpoint, which they should not.");
        }
    }

    // A range of the ring of hashes: it may go over the end, and (0, 0) is all of it.
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static string IdOf(GrainId grain, string name) => $"{grain}#{name}";

    private static ReminderEntry ToEntry(ViewDocument document)
    {
        var row = JsonSerializer.Deserialize<Row>(document.Json.Span, LoireJson.Stored)!;
        return new ReminderEntry
        {
            GrainId = GrainId.Parse(row.Grain, CultureInfo.InvariantCulture),
            ReminderName = row.Name,
            StartAt = row.StartAt.UtcDateTime,
            Period = row.Period,
            ETag = row.ETag,
        };
    }

    private sealed record Row(string Grain, string Name, DateTimeOffset StartAt, TimeSpan Period, string ETag);
}
