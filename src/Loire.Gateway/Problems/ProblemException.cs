namespace Loire.Gateway.Problems;

/// <summary>The request cannot be answered as it was meant: thrown where that is found out, answered with its problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(string detail)
        : this(KnownProblems.InvalidRequest(detail))
    {
    }

    public Problem Problem { get; } = problem;
}
