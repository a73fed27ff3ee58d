using Loire.EventLog;

namespace Loire.Journaling;

/// <summary>The stream of a journaled grain, as its grain writes to it.</summary>
/// <typeparam name="TEvent">Base of the events.</typeparam>
public interface IJournal<in TEvent>
{
    /// <summary>The version that the stream will have when everything in flight has been appended.</summary>
    long TentativeVersion { get; }

    /// <summary>The position of the last confirmed event; 0 when there is none.</summary>
    long Position { get; }

    /// <summary>Grows whenever the tentative state was given up because an append did not succeed.</summary>
    int Epoch { get; }

    /// <summary>Completes when the tentative state can be decided on: at once, or after a reload if an append did not succeed.</summary>
    /// <exception cref="StoreUnavailableException">The reload failed; the next call tries again.</exception>
    Task Ready();

    /// <summary>Completes when nothing is in flight: what was tentative is confirmed then, or has been given up.</summary>
    /// <exception cref="StoreUnavailableException">The reload failed; the next call tries again.</exception>
    Task Settled();

    /// <summary>
    /// Whether a state that something was decided on has been the stream's last since then. Another activation of the same
    /// grain may have written meanwhile: a silo that stood still and was taken for dead does not know yet.
    /// </summary>
    /// <param name="version">The tentative version at the decision.</param>
    /// <param name="epoch">The epoch at the decision.</param>
    /// <exception cref="StoreUnavailableException">Nobody can tell now.</exception>
    Task<bool> WasCurrent(long version, int epoch);

    /// <summary>
    /// Applies events to the tentative state at once and appends them, all or none. Several may be in flight; each is
    /// appended only if those before it were. To be called when <see cref="Ready"/> has completed; if the tentative state
    /// has been given up since, that is a conflict like any other.
    /// </summary>
    Task<AppendResult> Commit(IReadOnlyList<TEvent> events, DateTimeOffset occurredAt, EventMetadata metadata, IdempotencyKey? key);
}

/// <summary>A journaled grain that wants to write to its journal itself.</summary>
/// <typeparam name="TEvent">Base of the events.</typeparam>
public interface IJournalOwner<out TEvent>
{
    /// <summary>Called once, before the grain is activated.</summary>
    void Attach(IJournal<TEvent> journal);
}
