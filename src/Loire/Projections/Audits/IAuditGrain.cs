using Orleans.Concurrency;

namespace Loire.Projections;

/// <summary>
/// Folds the log afresh and compares it with what a view has, while both go on. Its key is the view's name. What it does is
/// written down, so that it goes on after a crash.
/// </summary>
[Alias("loire.audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Starts an audit. Refused while one runs, and while the view is filled by another version.</summary>
    [Alias("start")]
    Task<AuditReply> Start(AuditRequest request);

    /// <summary>The last audit; <see langword="null"/> if there was none.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<AuditReport?> Status();

    /// <summary>Waits until nothing runs.</summary>
    /// <returns>As <see cref="Status"/>, at the latest after the time given.</returns>
    [AlwaysInterleave]
    [Alias("ended")]
    Task<AuditReport?> Ended(TimeSpan timeout);

    /// <summary>Goes on with an audit that runs. Harmless at any time.</summary>
    [Alias("wake")]
    Task Wake();
}
