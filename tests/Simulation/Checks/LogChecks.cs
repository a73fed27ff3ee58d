namespace Loire.Simulation.Checks;

/// <summary>The log has no gaps, neither as a whole nor in a stream, and no event twice.</summary>
internal static class LogChecks
{
    public static IEnumerable<string> Run(Facts facts)
    {
        for (var i = 0; i < facts.All.Count; i++)
        {
            if (facts.All[i].Position != i + 1)
            {
                yield return $"position {facts.All[i].Position} stands where {i + 1} should be";
            }
        }

        foreach (var stream in facts.Streams)
        {
            var versions = facts.Stream(stream).Select(e => e.Version);
            if (!versions.SequenceEqual(Enumerable.Range(1, versions.Count()).Select(v => (long)v)))
            {
                yield return $"{stream} has the versions {string.Join(' ', versions)}";
            }
        }

        foreach (var repeated in facts.All.GroupBy(e => e.EventId).Where(g => g.Count() > 1))
        {
            yield return $"an event is in the log {repeated.Count()} times: {repeated.First().Type} of {repeated.First().Stream}";
        }
    }
}
