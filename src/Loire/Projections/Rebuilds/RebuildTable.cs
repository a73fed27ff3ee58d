using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>The system view of rebuilds: one document for each view, its last rebuild.</summary>
internal sealed class RebuildTable(IViewStore store)
{
    private static readonly ViewField State = new("state", ViewFieldKind.Text, Indexed: true);
    private static readonly ViewSchema Schema = new("rebuilds", 1, [State]);

    private volatile bool _defined;

    public async Task<RebuildPlan?> Find(string view, CancellationToken cancellation)
    {
        await Define(cancellation);
        return await store.Find(Schema, view, cancellation) is { } document ? Read(document) : null;
    }

    /// <summary>Those that run.</summary>
    public async Task<IReadOnlyList<RebuildPlan>> Running(CancellationToken cancellation)
    {
        await Define(cancellation);
        return [.. (await store.FindBy(Schema, State.Name, "running", cancellation)).Select(Read)];
    }

    /// <summary>Writes a plan down, if nobody else has changed it since it was read.</summary>
    /// <returns>The plan with its new revision.</returns>
    /// <exception cref="GenerationMovedException">Somebody has.</exception>
    public async Task<RebuildPlan> Save(RebuildPlan plan)
    {
        var next = plan with { Revision = plan.Revision + 1 };
        var put = new DocumentChange.Put(Schema, plan.View, JsonSerializer.SerializeToUtf8Bytes(next, LoireJson.Stored));
        return await store.Commit(new CheckpointMove($"rebuilds/{plan.View}", 0, plan.Revision, next.Revision), [put])
            ? next
            : throw new GenerationMovedException($"The rebuild of '{plan.View}' was changed by somebody else.");
    }

    private static RebuildPlan Read(ViewDocument document) =>
        JsonSerializer.Deserialize<RebuildPlan>(document.Json.Span, LoireJson.Stored)!;

    private async Task Define(CancellationToken cancellation)
    {
        if (!_defined)
        {
            await store.Define(Schema, cancellation);
            _defined = true;
        }
    }
}
