using Orleans.Concurrency;

namespace Loire.Subscriptions;

/// <summary>One partition of one subscription. Its key is <c>name/partition</c>.</summary>
[Alias("loire.subscription")]
public interface ISubscriptionGrain : IGrainWithStringKey
{
    /// <summary>Waits until the subscription has handled the log up to a position and its checkpoint says so on disk.</summary>
    /// <returns><see langword="false"/> when that did not happen in time, or too many callers are waiting already.</returns>
    [AlwaysInterleave]
    [Alias("wait-until")]
    Task<bool> WaitUntil(long position, TimeSpan timeout);

    /// <summary>As <see cref="WaitUntil"/>, and says whose checkpoint it is: documents are to be read there, or in a generation that came later.</summary>
    /// <returns>The name of the checkpoint; <see langword="null"/> when the position was not reached in time.</returns>
    [AlwaysInterleave]
    [Alias("reached")]
    Task<string?> Reached(long position, TimeSpan timeout);

    /// <summary>
    /// Lets another generation of a view take over: this partition and those after it stand still, the new generation catches
    /// up with each of them, and all go on with it. When it fails, they go on as they were; it can be called again.
    /// </summary>
    [Alias("take-over")]
    Task TakeOver(int generation);

    [AlwaysInterleave]
    [Alias("status")]
    Task<SubscriptionStatus> Status();

    /// <summary>Handles nothing more until <see cref="Resume"/>, also after a restart. Idempotent.</summary>
    [Alias("pause")]
    Task Pause();

    /// <summary>Goes on; also where it stopped because too much failed. Idempotent.</summary>
    [Alias("resume")]
    Task Resume();
}

/// <summary>How one partition of a subscription is doing.</summary>
/// <param name="Position">It has handled the log up to here.</param>
/// <param name="Failures">Attempts that have failed since the last success; 0 when all is well.</param>
/// <param name="LastError">What the last failure said; kept after recovery.</param>
/// <param name="Paused">Somebody has told it to pause.</param>
/// <param name="Stopped">It stands at an event that it cannot handle, and tries it again.</param>
/// <param name="HeldBack">Aggregates whose events wait, because one of them could not be handled.</param>
[GenerateSerializer, Immutable, Alias("loire.subscription-status")]
public sealed record SubscriptionStatus(
    [property: Id(0)] long Position,
    [property: Id(1)] int Failures,
    [property: Id(2)] string? LastError,
    [property: Id(3)] bool Paused,
    [property: Id(4)] bool Stopped,
    [property: Id(5)] int HeldBack);
