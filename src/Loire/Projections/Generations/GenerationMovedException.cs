namespace Loire.Projections;

/// <summary>A checkpoint of a generation is not where it was thought to be: somebody else writes to it. To be tried again.</summary>
internal sealed class GenerationMovedException(string message) : Exception(message);

/// <summary>A generation is no longer to take over.</summary>
internal sealed class GenerationGivenUpException(string view, int generation)
    : Exception($"Generation {generation} of '{view}' has been given up.");
