using System.Text.RegularExpressions;

namespace Loire.Sagas;

/// <summary>The shape of a definition, and what is wrong with it.</summary>
internal static partial class SagaShape
{
    /// <summary>The steps; those that are done at the same time stand together. <see langword="null"/> when none are.</summary>
    public static IReadOnlyList<IReadOnlyList<string>>? StagesOf(Saga saga)
    {
        if (saga.Steps.All(s => s.Group is null))
        {
            return null;
        }

        var stages = new List<List<string>>();
        var group = (string?)null;
        foreach (var step in saga.Steps)
        {
            if (step.Group is null || step.Group != group)
            {
                stages.Add([]);
            }

            group = step.Group;
            stages[^1].Add(step.Name);
        }

        return stages;
    }

    public static string? NoReturnAfter(Saga saga) => saga.Steps.FirstOrDefault(s => s.IsPointOfNoReturn)?.Name;

    /// <exception cref="InvalidOperationException">Something is wrong with the definition; the message names all of it.</exception>
    public static void Check(Saga saga)
    {
        if (MistakesIn(saga).ToArray() is { Length: > 0 } mistakes)
        {
            throw new InvalidOperationException($"The saga {saga.Type}, version {saga.Version}, is not well defined: {string.Join("; ", mistakes)}.");
        }
    }

    private static IEnumerable<string> MistakesIn(Saga saga)
    {
        if (saga.Version < 1)
        {
            yield return "its version must be 1 or more";
        }

        if (saga.Steps.Count == 0)
        {
            yield return "it has no steps";
        }

        if (saga.Limit <= TimeSpan.Zero)
        {
            yield return "its deadline must be more than zero";
        }

        if (saga.Migrations.Keys.Any(v => v < 1 || v >= saga.Version))
        {
            yield return "it can be migrated from older versions only";
        }

        foreach (var name in saga.Steps.GroupBy(s => s.Name).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"two steps are called '{name}'";
        }

        foreach (var group in saga.Steps.Where(s => s.Group is not null).GroupBy(s => s.Group))
        {
            var first = saga.Steps.ToList().IndexOf(group.First());
            if (group.Count() < 2 || !saga.Steps.Skip(first).Take(group.Count()).SequenceEqual(group))
            {
                yield return $"the group '{group.Key}' needs two or more steps that follow each other";
            }
        }

        if (saga.Steps.Count(s => s.IsPointOfNoReturn) > 1 || saga.Steps.Any(s => s is { IsPointOfNoReturn: true, Group: not null }))
        {
            yield return "it may have one point of no return, outside of parallel groups";
        }

        foreach (var mistake in saga.Steps.SelectMany(s => MistakesIn(s).Select(m => $"step '{s.Name}': {m}")))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<string> MistakesIn(SagaStep step)
    {
        if (!KebabCase().IsMatch(step.Name))
        {
            yield return "its name must be in kebab-case";
        }

        if (step is { Send: null, Waits: false })
        {
            yield return "it neither sends a command nor waits for an answer";
        }

        if (step.Limit <= TimeSpan.Zero)
        {
            yield return "its time-out must be more than zero";
        }

        foreach (var mistake in step.RetryPolicy.Mistakes().Concat(step.UndoPolicy.Mistakes()).Distinct())
        {
            yield return $"of its retries, {mistake}";
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();
}
