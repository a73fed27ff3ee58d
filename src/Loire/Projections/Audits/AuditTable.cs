using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>The system view of audits: one document for each view, its last audit.</summary>
internal sealed class AuditTable(IViewStore store)
{
    private static readonly ViewField State = new("state", ViewFieldKind.Text, Indexed: true);
    private static readonly ViewSchema Schema = new("audits", 1, [State]);

    private volatile bool _defined;

    public async Task<AuditReport?> Find(string view, CancellationToken cancellation)
    {
        await Define(cancellation);
        return await store.Find(Schema, view, cancellation) is { } document ? Read(document) : null;
    }

    /// <summary>Those that run.</summary>
    public async Task<IReadOnlyList<AuditReport>> Running(CancellationToken cancellation)
    {
        await Define(cancellation);
        return [.. (await store.FindBy(Schema, State.Name, "running", cancellation)).Select(Read)];
    }

    /// <summary>Writes a report down, if nobody else has changed it since it was read.</summary>
    /// <returns>The report with its new revision.</returns>
    /// <exception cref="GenerationMovedException">Somebody has.</exception>
    public async Task<AuditReport> Save(AuditReport report)
    {
        var next = report with { Revision = report.Revision + 1 };
        var put = new DocumentChange.Put(Schema, report.View, JsonSerializer.SerializeToUtf8Bytes(next, LoireJson.Stored));
        return await store.Commit(new CheckpointMove($"audits/{report.View}", 0, report.Revision, next.Revision), [put])
            ? next
            : throw new GenerationMovedException($"The audit of '{report.View}' was changed by somebody else.");
    }

    private static AuditReport Read(ViewDocument document) =>
        JsonSerializer.Deserialize<AuditReport>(document.Json.Span, LoireJson.Stored)!;

    private async Task Define(CancellationToken cancellation)
    {
        if (!_defined)
        {
            await store.Define(Schema, cancellation);
            _defined = true;
        }
    }
}
