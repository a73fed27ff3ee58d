namespace Loire.Sagas;

/// <summary>Where a step stands that is being done or undone.</summary>
/// <param name="Step">The step.</param>
public sealed record StepStanding(string Step)
{
    /// <summary>When it will have taken too long.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Its commands have been accepted, and an answer is waited for.</summary>
    public bool Waits { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt comes.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Code { get; init; }

    /// <summary>The same for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it needs somebody's help.</summary>
    public bool Stuck { get; init; }
}

/// <summary>
/// A command was accepted, and what followed counts as a failure. Its key is used up, so that it goes under another one when
/// it is tried again.
/// </summary>
/// <param name="Step">The step.</param>
/// <param name="Undo">Whether it undoes the step.</param>
/// <param name="Command">Its number, from 0.</param>
public sealed record UsedKey(string Step, bool Undo, int Command)
{
    internal static IEnumerable<UsedKey> Of(string step, bool undo, IReadOnlyList<int>? commands) =>
        (commands ?? []).Select(c => new UsedKey(step, undo, c));
}

