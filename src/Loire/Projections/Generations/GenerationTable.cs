using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>The system view that says which generation of each view is the live one. Changes are fenced against each other.</summary>
internal sealed class GenerationTable(IViewStore store)
{
    private const int MaxAttempts = 10;

    private static readonly ViewField HasRetired = new("hasRetired", ViewFieldKind.Boolean, Indexed: true);
    private static readonly ViewSchema Schema = new(SystemViews.Generations, 1, [HasRetired]);

    private volatile bool _defined;

    /// <summary>The generations of a view; <see langword="null"/> as long as nobody has written to it.</summary>
    public async Task<ViewGenerations?> Find(string view, CancellationToken cancellation)
    {
        await Define(cancellation);
        return await store.Find(Schema, view, cancellation) is { } document ? Read(document) : null;
    }

    /// <summary>The generations of a projection's view; the first one is made if there is none.</summary>
    public async Task<ViewGenerations> Of(Projection projection, CancellationToken cancellation)
    {
        if (await Find(projection.View.Name, cancellation) is { } known)
        {
            return known;
        }

        // What is pointed to can be read.
        var first = Generation.Of(projection, 1);
        foreach (var schema in first.Tables)
        {
            await store.Define(schema, cancellation);
        }

        return await Change(
            projection.View.Name, current => current ?? new ViewGenerations { Revision = 0, Live = first, Last = 1 }, cancellation);
    }

    /// <summary>Changes what is said of a view, on top of whatever somebody else has changed meanwhile.</summary>
    /// <param name="view">The view.</param>
    /// <param name="change">The change. It may be called again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">Somebody else was faster each time.</exception>
    public Task<ViewGenerations> Change(
        string view, Func<ViewGenerations?, ViewGenerations> change, CancellationToken cancellation) => Change(view, change, plan: null, cancellation);

    /// <param name="view">The view.</param>
    /// <param name="change">The change. It may be called again.</param>
    /// <param name="plan">A change of the plan of its rebuild that is made with it, if there is one; not without it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GenerationMovedException">With a plan: somebody else was faster.</exception>
    /// <inheritdoc cref="Change(string, Func{ViewGenerations?, ViewGenerations}, CancellationToken)"/>
    public async Task<ViewGenerations> Change(
        string view,
        Func<ViewGenerations?, ViewGenerations> change,
        (CheckpointMove Move, DocumentChange Put)? plan,
        CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var current = await Find(view, cancellation);
            var next = change(current);
            if (next == current)
            {
                return next;
            }

            var revision = current?.Revision ?? 0;
            next = next with { Revision = revision + 1 };
            var put = new DocumentChange.Put(Schema, view, JsonSerializer.SerializeToUtf8Bytes(next, LoireJson.Stored));
            var move = new CheckpointMove($"generations/{view}", 0, revision, revision + 1) { Also = plan?.Move };
            if (await store.Commit(move, plan is { } with ? [put, with.Put] : [put]))
            {
                return next;
            }

            if (plan is not null)
            {
                throw new GenerationMovedException($"The generations of '{view}' were changed by somebody else, or the plan of its rebuild was.");
            }
        }

        throw new StoreUnavailableException($"Others change the generations of '{view}' all the time.");
    }

    /// <summary>The views that have generations to be dropped.</summary>
    public async Task<IReadOnlyList<string>> WithRetired(CancellationToken cancellation)
    {
        await Define(cancellation);
        return [.. (await store.FindBy(Schema, HasRetired.Name, true, cancellation)).Select(d => d.Id)];
    }

    /// <summary>The names of the checkpoints of all generations, of whichever view, that are not live yet, or not any more.</summary>
    public async Task<IReadOnlyList<string>> NotLive(CancellationToken cancellation)
    {
        await Define(cancellation);
        List<string> names = [];
        var query = new ViewQuery { Limit = 1_000, CountTotal = false };
        do
        {
            var page = await store.Query(Schema, query, cancellation);
            names.AddRange(page.Items.SelectMany(d => Read(d).NotLive));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return names;
    }

    private static ViewGenerations Read(ViewDocument document) =>
        JsonSerializer.Deserialize<ViewGenerations>(document.Json.Span, LoireJson.Stored)
        ?? throw new JsonException($"The generations of {document.Id} are null.");

    private async Task Define(CancellationToken cancellation)
    {
        if (!_defined)
        {
            await store.Define(Schema, cancellation);
            _defined = true;
        }
    }
}
