namespace Loire.Reactors;

/// <summary>
/// A reactor did not end a delivery in time, or what it called gave up. That counts as a failed attempt: it may be the event
/// that takes so long.
/// </summary>
public sealed class DeliveryTimedOutException : Exception
{
    public DeliveryTimedOutException()
    {
    }

    public DeliveryTimedOutException(string message)
        : base(message)
    {
    }

    public DeliveryTimedOutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
