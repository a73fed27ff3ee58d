using Loire.EventLog;
using Loire.Journaling;
using Loire.Metrics;

namespace Loire.Sagas;

/// <summary>What one saga has recorded, and where it records more.</summary>
/// <param name="stream">Its stream.</param>
/// <param name="journal">Its journal.</param>
/// <param name="state">Its state when everything in flight is on disk; <see langword="null"/> before its first event.</param>
/// <param name="sagas">The definitions.</param>
/// <param name="metrics">Told what is on disk.</param>
/// <param name="time">The time.</param>
internal sealed class SagaJournal(
    StreamName stream, IJournal<SagaEvent> journal, Func<SagaState?> state, SagaRegistry sagas, SagaMetrics metrics, TimeProvider time)
{
    private static readonly SagaState None = new();

    // Known to the activation in which the saga started; most end in the same one.
    private DateTimeOffset? _startedAt;

    public SagaState Current => state() ?? None;

    /// <inheritdoc cref="IJournal{TEvent}.Ready"/>
    public Task Ready() => journal.Ready();

    /// <inheritdoc cref="IJournal{TEvent}.Settled"/>
    public Task Settled() => journal.Settled();

    /// <summary>
    /// Completes when the state is as the log has it. Another activation may have moved the saga on, on a silo that stood
    /// still, was taken for dead, went on, and died.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nobody can tell now, or somebody else keeps moving the saga on.</exception>
    public async Task Renewed()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await journal.Ready();
            if (await journal.WasCurrent(journal.TentativeVersion, journal.Epoch))
            {
                return;
            }
        }

        throw new StoreUnavailableException("Somebody else keeps moving the saga on.");
    }

    /// <summary>The state, when all of it is on disk: what a saga does may rest on nothing that could still be lost.</summary>
    /// <exception cref="StoreUnavailableException">It could not be read again after an append had failed.</exception>
    public async Task<SagaState> Durable()
    {
        while (true)
        {
            await journal.Ready();
            var (current, epoch) = (Current, journal.Epoch);
            await journal.Settled();
            if (journal.Epoch == epoch)
            {
                return current;
            }
        }
    }

    /// <summary>Records an event, with what it leads to by itself, and answers when that is on disk.</summary>
    /// <param name="e">The event.</param>
    /// <exception cref="StoreUnavailableException">It is not, or somebody else has moved the saga on.</exception>
    public async Task Record(SagaEvent e)
    {
        if (!await TryRecord(e, by: null))
        {
            throw new StoreUnavailableException("Somebody else has moved the saga on.");
        }
    }

    /// <summary>Decides something, and records what follows.</summary>
    /// <returns>What was decided. If nothing follows, that rests on a state which was the last one.</returns>
    /// <exception cref="StoreUnavailableException">It could not be recorded, or nobody can tell now.</exception>
    public async Task<SagaDecision> Decide(Func<SagaState, SagaDecision> decide, SagaCause? by = null)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await journal.Ready();
            var decision = decide(Current);
            if (decision.Event is { } e
                ? await TryRecord(e, by)
                : await journal.WasCurrent(journal.TentativeVersion, journal.Epoch))
            {
                return decision;
            }
        }

        throw new StoreUnavailableException("Somebody else keeps moving the saga on.");
    }

    /// <returns><see langword="false"/> when somebody else has moved the saga on.</returns>
    private async Task<bool> TryRecord(SagaEvent e, SagaCause? by)
    {
        var entry = SagaEntry.Of(Current, e, by, sagas, time.GetUtcNow());
        if (await journal.Commit(entry.Events, entry.At, entry.Metadata, key: null) is not AppendResult.Appended)
        {
            return false;
        }

        _startedAt = e is SagaEvent.Started ? entry.At : _startedAt;
        metrics.Recorded(stream, entry.Events, entry.At, _startedAt);
        return true;
    }
}
