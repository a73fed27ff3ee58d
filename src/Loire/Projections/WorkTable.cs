using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>A system view of work on views: one document for each view, the last that was done on it.</summary>
/// <typeparam name="T">The document; its member <c>state</c> is <c>running</c> while there is something to do.</typeparam>
internal abstract class WorkTable<T>(IViewStore store, string name)
    where T : ViewWork
{
    private static readonly ViewField State = new("state", ViewFieldKind.Text, Indexed: true);

    private readonly ViewSchema _schema = new(name, 1, [State]);
    private volatile bool _defined;

    public async Task<T?> Find(string view, CancellationToken cancellation)
    {
        await Define(cancellation);
        return await store.Find(_schema, view, cancellation) is { } document ? Read(document) : null;
    }

    /// <summary>Those that run.</summary>
    public async Task<IReadOnlyList<T>> Running(CancellationToken cancellation)
    {
        await Define(cancellation);
        return [.. (await store.FindBy(_schema, State.Name, "running", cancellation)).Select(Read)];
    }

    /// <summary>Writes work down, if nobody else has changed it since it was read.</summary>
    /// <returns>It, with its new revision.</returns>
    /// <exception cref="GenerationMovedException">Somebody has.</exception>
    public async Task<T> Save(T work)
    {
        var (next, move, put) = Saving(work);
        return await store.Commit(move, [put])
            ? next
            : throw new GenerationMovedException($"'{work.View}' in {name} was changed by somebody else.");
    }

    /// <summary>What <see cref="Save"/> commits, for those who commit something else with it.</summary>
    public (T Next, CheckpointMove Move, DocumentChange Put) Saving(T work)
    {
        ViewWork changed = work;
        var next = (T)(changed with { Revision = work.Revision + 1 });
        return (
            next,
            new CheckpointMove($"{name}/{work.View}", 0, work.Revision, next.Revision),
            new DocumentChange.Put(_schema, work.View, JsonSerializer.SerializeToUtf8Bytes(next, LoireJson.Stored)));
    }

    private static T Read(ViewDocument document) => JsonSerializer.Deserialize<T>(document.Json.Span, LoireJson.Stored)!;

    private async Task Define(CancellationToken cancellation)
    {
        if (!_defined)
        {
            await store.Define(_schema, cancellation);
            _defined = true;
        }
    }
}
