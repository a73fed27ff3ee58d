namespace Loire.Projections;

/// <summary>Refuses projections that are not well defined, before anything runs.</summary>
internal static class ProjectionCheck
{
    /// <exception cref="InvalidOperationException">Some are not; all that is wrong is said, with the names.</exception>
    public static void ThrowIfAnyIsWrong(IReadOnlyList<Projection> projections)
    {
        var problems = projections
            .SelectMany(p => p.Problems.Select(problem => $"Projection '{p.View.Name}' ({p.GetType().Name}): {problem}."))
            .Concat(projections
                .SelectMany(p => p.Tables.Select(t => (t.Schema.Name, Projection: p.GetType().Name)))
                .GroupBy(t => t.Name, StringComparer.Ordinal)
                .Where(same => same.Select(t => t.Projection).Distinct(StringComparer.Ordinal).Count() > 1)
                .Select(same => $"The name '{same.Key}' is used by {string.Join(" and ", same.Select(t => t.Projection))}."))
            .ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        }
    }
}
