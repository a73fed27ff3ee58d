using Orleans.Concurrency;

namespace Loire.Projections;

/// <summary>
/// Fills a view anew, beside the documents that people read, and lets the new ones take over when they have caught up. Its
/// key is the view's name. What it does is written down, so that it goes on after a crash.
/// </summary>
[Alias("loire.rebuild")]
public interface IRebuildGrain : IGrainWithStringKey
{
    /// <summary>Starts a rebuild. Refused when one is running or paused.</summary>
    [Alias("start")]
    Task<RebuildReply> Start();

    /// <summary>Lets it stand still until it is resumed.</summary>
    [Alias("pause")]
    Task<RebuildReply> Pause();

    /// <summary>Goes on with one that is paused or has failed.</summary>
    [Alias("resume")]
    Task<RebuildReply> Resume();

    /// <summary>As <see cref="Resume"/>, and it takes over whatever it has set aside, unless the view's policy is to stop.</summary>
    [Alias("resume-accepting")]
    Task<RebuildReply> ResumeAccepting();

    /// <summary>Gives it up. Refused when it is taking over already.</summary>
    [Alias("cancel")]
    Task<RebuildReply> Cancel();

    /// <summary>The last rebuild; <see langword="null"/> if there was none.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<RebuildPlan?> Status();

    /// <summary>Waits until nothing runs.</summary>
    /// <returns>As <see cref="Status"/>, at the latest after the time given.</returns>
    [AlwaysInterleave]
    [Alias("ended")]
    Task<RebuildPlan?> Ended(TimeSpan timeout);

    /// <summary>Goes on with what is to be done: a rebuild that runs, generations to be dropped. Harmless at any time.</summary>
    [Alias("wake")]
    Task Wake();
}
