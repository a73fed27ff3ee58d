namespace Loire.EventLog;

/// <summary>
/// The store cannot do its work now: the disk is full, an I/O operation failed, the database is out of reach, or too much
/// is waiting. Nothing that was acknowledged is lost; what was asked for did not happen, unless
/// <see cref="OutcomeUnknown"/> says that nobody could find out.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The commit's reply was lost and the store could not be asked in time whether it happened.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
