namespace Loire.Gateway.Problems;

/// <summary>The request cannot be understood: thrown while it is read, answered with its problem.</summary>
internal sealed class InvalidRequestException(Problem problem) : Exception(problem.Detail)
{
    public InvalidRequestException(string detail)
        : this(KnownProblems.InvalidRequest(detail))
    {
    }

    public Problem Problem { get; } = problem;
}
