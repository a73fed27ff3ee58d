using System.Collections.Frozen;
using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Queries;

/// <summary>The views that a handler has declared, for one question.</summary>
internal sealed class DocumentViews(FrozenDictionary<Type, ViewSchema> declared, ViewReader reader, CancellationToken cancellation) : IViews
{
    public async Task<TView?> Find<TView>(string id)
        where TView : class =>
        await reader.Find(Declared<TView>(), id, cancellation) is { } document ? Read<TView>(document) : null;

    public async Task<Page<TView>> Query<TView>(Func<ViewSelection<TView>, ViewSelection<TView>> select)
        where TView : class
    {
        var view = Declared<TView>();
        var page = await reader.Query(view, select(new ViewSelection<TView>(view, new ViewQuery())).Query, cancellation);
        return new Page<TView>([.. page.Items.Select(Read<TView>)], page.Total!.Value, page.Next, page.Position);
    }

    private ViewSchema Declared<TView>() => declared.TryGetValue(typeof(TView), out var view)
        ? view
        : throw new InvalidOperationException($"The handler reads {typeof(TView).Name} and does not declare it.");

    private static TView Read<TView>(ViewDocument document) => JsonSerializer.Deserialize<TView>(document.Json.Span, LoireJson.Stored)!;
}
