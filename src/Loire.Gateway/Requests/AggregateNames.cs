using Loire.Aggregates;

namespace Loire.Gateway.Requests;

/// <summary>An aggregate that is called like a part of the API could not be reached under <c>/api/{aggregate}/{id}</c>.</summary>
internal static class AggregateNames
{
    /// <summary>What stands behind <c>/api/</c> and is no aggregate.</summary>
    public static readonly IReadOnlyList<string> OfTheApi =
        ["dead-letters", "events", "processes", "queries", "sagas", "streams", "subscriptions", "views"];

    /// <exception cref="InvalidOperationException">There is such an aggregate.</exception>
    public static void ThrowIfAnyIsTaken(AggregateRegistry aggregates)
    {
        var taken = aggregates.Names.Intersect(OfTheApi, StringComparer.OrdinalIgnoreCase).ToList();
        if (taken.Count > 0)
        {
            throw new InvalidOperationException(
                $"No aggregate can be called {string.Join(" or ", taken.Select(name => $"'{name}'"))}: under /api/{taken[0]} the API has something else.");
        }
    }
}
