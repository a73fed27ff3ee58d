using System.Collections.Immutable;
using Loire.Commands;

namespace Loire.Queries;

/// <summary>Asks queries in process: in a silo, or in any client that has the store and the definitions.</summary>
public interface IQueries
{
    /// <param name="query">The question.</param>
    /// <param name="after">The answer has seen the log at least up to here; with the position of a receipt, one reads one's own writes.</param>
    /// <param name="cancellation">Ends the wait and the reading.</param>
    /// <returns>The answer; <see langword="null"/> when there is nothing to be told.</returns>
    /// <exception cref="InvalidQueryException">A parameter is out of range.</exception>
    /// <exception cref="EventLog.Views.InvalidCursorException">A cursor belongs to another query.</exception>
    /// <exception cref="ViewBehindException">A view did not reach the position within 5 seconds.</exception>
    /// <exception cref="InvalidOperationException">No handler is registered for it.</exception>
    Task<TResult?> Ask<TResult>(IQuery<TResult> query, long after = 0, CancellationToken cancellation = default);
}

/// <summary>Parameters of a query are not valid.</summary>
public sealed class InvalidQueryException(ImmutableArray<FieldError> errors)
    : Exception(string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")))
{
    /// <summary>What is wrong, by parameter.</summary>
    public ImmutableArray<FieldError> Errors { get; } = errors;
}

/// <summary>A view did not reach a position in time.</summary>
public sealed class ViewBehindException(string view, long position)
    : Exception($"The view '{view}' did not reach position {position} in time.");
