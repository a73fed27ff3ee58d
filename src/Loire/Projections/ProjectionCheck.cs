using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>Refuses projections that are not well defined, before anything runs.</summary>
internal static class ProjectionCheck
{
    /// <exception cref="InvalidOperationException">Some are not; all that is wrong is said, with the names.</exception>
    public static void ThrowIfAnyIsWrong(IReadOnlyList<Projection> projections)
    {
        var problems = projections.SelectMany(Problems).Concat(Twice(projections)).ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        }
    }

    private static IEnumerable<string> Problems(Projection projection) => projection.Problems
        .Select(problem => $"Projection '{projection.View.Name}' ({projection.GetType().Name}): {problem}.")
        .Concat(
            from table in IsOurs(projection) ? [] : projection.Tables
            let use = SystemViews.UseOf(table.Schema.Name)
            where use is not null
            select $"'{table.Schema.Name}' cannot be the name of a view of {projection.GetType().Name}: under it the platform keeps {use}.");

    private static IEnumerable<string> Twice(IEnumerable<Projection> projections) => projections
        .SelectMany(p => p.Tables.Select(t => t.Schema.Name).Distinct(StringComparer.Ordinal).Select(name => (Name: name, Projection: p)))
        .GroupBy(t => t.Name, StringComparer.Ordinal)
        .Where(same => same.Count() > 1)
        .Select(same => $"The name '{same.Key}' is used by {string.Join(" and ", same.Select(t => t.Projection.GetType().Name))}.");

    // Sagas and processes have views too.
    private static bool IsOurs(Projection projection) => projection.GetType().Assembly == typeof(Projection).Assembly;
}
