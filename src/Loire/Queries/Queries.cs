using Loire.Commands;

namespace Loire.Queries;

/// <summary>Asks the handlers that are registered.</summary>
internal sealed class Queries(QueryRegistry registry, ViewReader reader) : IQueries
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<TResult?> Ask<TResult>(IQuery<TResult> query, long after = 0, CancellationToken cancellation = default)
    {
        var errors = Validation.Check(query);
        if (!errors.IsEmpty)
        {
            throw new InvalidQueryException(errors);
        }

        var definition = registry.Of(query.GetType());
        if (after > 0)
        {
            await Task.WhenAll(definition.Views.Select(async view =>
            {
                if (!await reader.WaitUntil(view, after, Patience).WaitAsync(cancellation))
                {
                    throw new ViewBehindException(view.Name, after);
                }
            }));
        }

        return await ((QueryDefinition<TResult>)definition).Answer(query, reader, cancellation);
    }
}
