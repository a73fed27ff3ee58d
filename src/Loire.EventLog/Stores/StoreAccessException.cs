namespace Loire.EventLog;

/// <summary>The store is there but whoever opens it lacks a right to use or to migrate it; the message says which.</summary>
public sealed class StoreAccessException : Exception
{
    public StoreAccessException()
    {
    }

    public StoreAccessException(string message)
        : base(message)
    {
    }

    public StoreAccessException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
