namespace Loire.Queries;

/// <summary>
/// A question with parameters: a record whose members are text, numbers, true or false, times or enums. Its name is that of
/// the type, kebab-case: <c>OrdersOfCustomer</c> is <c>orders-of-customer</c>. It may be <see cref="Commands.IValidated"/>.
/// </summary>
/// <typeparam name="TResult">What the answer is.</typeparam>
public interface IQuery<TResult>;

/// <summary>Answers a query from views. One instance answers all, so it keeps nothing of them.</summary>
/// <typeparam name="TQuery">The question.</typeparam>
/// <typeparam name="TResult">The answer.</typeparam>
public interface IQueryHandler<in TQuery, TResult>
    where TQuery : IQuery<TResult>
{
    /// <summary>
    /// The documents that it reads, by their types: each is that of one projection. Who asks for an answer that has seen a
    /// position waits for all of them; others cannot be read.
    /// </summary>
    IReadOnlyList<Type> Reads { get; }

    /// <returns>The answer; <see langword="null"/> when there is nothing to be told.</returns>
    Task<TResult?> Answer(TQuery query, IViews views, CancellationToken cancellation);
}
