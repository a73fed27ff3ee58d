namespace Loire.Subscriptions;

/// <summary>Where a subscription begins that has no checkpoint yet.</summary>
public enum StartFrom
{
    /// <summary>With the first event of the log: whatever happened before it was registered counts.</summary>
    Beginning,

    /// <summary>With what is appended after a silo first started with it. That place is kept, so a later start changes nothing.</summary>
    End,
}
