namespace Loire.Processes;

/// <summary>What follows from something that came to a process.</summary>
internal abstract record ProcessDecision
{
    private ProcessDecision()
    {
    }

    /// <summary>It is recorded.</summary>
    public sealed record Record(ProcessEvent Event) : ProcessDecision;

    /// <summary>It leaves no trace.</summary>
    public sealed record Nothing : ProcessDecision;

    /// <summary>It is not for the process to decide.</summary>
    public sealed record Park(string Why) : ProcessDecision;
}
