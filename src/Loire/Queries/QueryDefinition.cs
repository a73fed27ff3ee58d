using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Queries;

/// <summary>A query that is registered.</summary>
public abstract class QueryDefinition
{
    private protected QueryDefinition(Type type)
    {
        Type = type;
        Name = JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name);
        Parameters = new QueryParameterReader(type);
    }

    /// <summary>Kebab-case.</summary>
    public string Name { get; }

    /// <summary>The type of the question.</summary>
    public Type Type { get; }

    /// <summary>The views that it is answered from.</summary>
    public IReadOnlyList<ViewSchema> Views { get; private set; } = [];

    public QueryParameterReader Parameters { get; }

    private protected FrozenDictionary<Type, ViewSchema> ViewsByType { get; private set; } = FrozenDictionary<Type, ViewSchema>.Empty;

    private protected abstract IReadOnlyList<Type> Reads { get; }

    /// <summary>The answer, as JSON; <see langword="null"/> when there is nothing to be told.</summary>
    public abstract Task<byte[]?> AnswerJson(object query, ViewReader reader, CancellationToken cancellation);

    internal static QueryDefinition Of(object handler)
    {
        var answers = handler.GetType().GetInterfaces()
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQueryHandler<,>)).ToList();
        if (answers.Count != 1)
        {
            throw new InvalidOperationException($"{handler.GetType()} answers {answers.Count} queries; a handler answers one.");
        }

        const BindingFlags flags = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions;
        var type = typeof(QueryDefinition<,>).MakeGenericType(answers[0].GenericTypeArguments);
        return (QueryDefinition)Activator.CreateInstance(type, flags, binder: null, [handler], culture: null)!;
    }

    /// <exception cref="InvalidOperationException">A type is not that of one projection's documents.</exception>
    internal void Resolve(ILookup<Type, ViewSchema> views)
    {
        ViewsByType = Reads.Distinct().ToFrozenDictionary(type => type, type => views[type].Count() == 1
            ? views[type].Single()
            : throw new InvalidOperationException(
                $"The query '{Name}' reads {type.Name}, which is the document of {views[type].Count()} projections; it must be that of one."));
        Views = [.. ViewsByType.Values.OrderBy(view => view.Name)];
    }
}

internal abstract class QueryDefinition<TResult>(Type type) : QueryDefinition(type)
{
    public abstract Task<TResult?> Answer(IQuery<TResult> query, ViewReader reader, CancellationToken cancellation);

    public override async Task<byte[]?> AnswerJson(object query, ViewReader reader, CancellationToken cancellation) =>
        await Answer((IQuery<TResult>)query, reader, cancellation) is { } answer
            ? JsonSerializer.SerializeToUtf8Bytes(answer, LoireJson.Stored)
            : null;
}

internal sealed class QueryDefinition<TQuery, TResult>(IQueryHandler<TQuery, TResult> handler) : QueryDefinition<TResult>(typeof(TQuery))
    where TQuery : IQuery<TResult>
{
    private protected override IReadOnlyList<Type> Reads => handler.Reads;

    public override Task<TResult?> Answer(IQuery<TResult> query, ViewReader reader, CancellationToken cancellation) =>
        handler.Answer((TQuery)query, new DocumentViews(ViewsByType, reader, cancellation), cancellation);
}
