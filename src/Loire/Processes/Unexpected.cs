namespace Loire.Processes;

/// <summary>What becomes of an event that a process has no handler for where it stands.</summary>
public enum Unexpected
{
    /// <summary>Nothing follows from it; the process records that it came.</summary>
    Ignore,

    /// <summary>
    /// It is not for the process to decide: it becomes a dead letter at once, and waits there, with later events of its
    /// aggregate behind it, until somebody sees to it. The process stays as it is.
    /// </summary>
    Park,

    /// <summary>The process ends as failed.</summary>
    Fail,
}

/// <summary>An event came to a process that declares not to handle it where it stands (<see cref="Unexpected.Park"/>).</summary>
[GenerateSerializer, Alias("loire.unexpected-event")]
public sealed class UnexpectedEventException : Exception
{
    public UnexpectedEventException()
    {
    }

    public UnexpectedEventException(string message)
        : base(message)
    {
    }

    public UnexpectedEventException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
