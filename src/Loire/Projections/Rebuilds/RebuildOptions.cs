namespace Loire.Projections;

/// <summary>Pace and limits of rebuilds and audits.</summary>
public sealed class RebuildOptions
{
    /// <summary>Events that are read at once and written in one transaction, 1 to 50,000. Default: 1,000.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>
    /// The same while others append to the log, who wait for a page that is being written; 1 to 50,000. Not more than
    /// <see cref="PageSize"/> in any case. Default: 150.
    /// </summary>
    public int PageSizeBesideOthers { get; set; } = 150;

    /// <summary>Documents that a rebuild remembers, at most, about, 1,000 or more. Default: 400,000.</summary>
    public int MaxDocuments { get; set; } = 400_000;

    /// <summary>Bytes of JSON of documents that a rebuild remembers, at most, about, 1 MB or more. Default: 64 MB.</summary>
    public long MaxBytes { get; set; } = 64 << 20;

    /// <summary>Events per second that a rebuild handles, at most; 0 for as many as it can. Default: 0.</summary>
    public int MaxEventsPerSecond { get; set; }

    /// <summary>While others append to the log, a rebuild rests for so many times the time that it works, 0 or more. Default: 2.</summary>
    public double Courtesy { get; set; } = 2;

    /// <summary>Events per second that an audit handles, at most, unless it is said when it is asked for; 0 for as many as it can. Default: 20,000.</summary>
    public int AuditEventsPerSecond { get; set; } = 20_000;

    /// <summary>For how long the documents before a take-over are kept for those who are still reading them. Default: 1 minute.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a silo looks for rebuilds to go on with and generations to drop. Default: 5 s.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts at events that cannot be handled before a rebuild has failed, 1 or more. Default: 5.</summary>
    public int MaxAttempts { get; set; } = 5;
}
