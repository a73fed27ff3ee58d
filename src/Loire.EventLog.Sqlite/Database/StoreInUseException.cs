namespace Loire.EventLog.Sqlite;

/// <summary>Another process, or another store of this process, has the file open: one at a time may write it.</summary>
public sealed class StoreInUseException : Exception
{
    public StoreInUseException()
    {
    }

    public StoreInUseException(string message)
        : base(message)
    {
    }

    public StoreInUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
