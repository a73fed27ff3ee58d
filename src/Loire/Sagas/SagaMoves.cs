using Loire.Hosting;

namespace Loire.Sagas;

/// <summary>
/// The moves of one saga that are being made: what came of them is recorded, and what could not be made is made again, after
/// a while. Used in the turns of the saga's grain.
/// </summary>
/// <param name="id">The saga's id.</param>
/// <param name="journal">Its journal.</param>
/// <param name="sagas">The definitions.</param>
/// <param name="sender">Sends its commands.</param>
/// <param name="time">The time.</param>
/// <param name="stop">Tells failures from the end of the host.</param>
/// <param name="log">The log.</param>
internal sealed class SagaMoves(
    string id, SagaJournal journal, SagaRegistry sagas, SagaSender sender, TimeProvider time, HostStop stop, SagaLog log)
{
    /// <summary>Stands where a step stands otherwise when the saga could not even begin something.</summary>
    private const string Planning = "*";

    private static readonly StepRetry WholeSaga = new();

    private readonly Dictionary<string, Task> _underWay = [];
    private readonly SagaBackoff _backoff = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when nothing more is to be begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Those that are being made; each completes when its outcome has been dealt with.</summary>
    public IReadOnlyCollection<Task> UnderWay => _underWay.Values;

    /// <summary>Begins the moves of a plan that can be begun now.</summary>
    /// <returns>When there may be more to do, though nothing has happened.</returns>
    public DateTimeOffset? Begin(SagaPlan plan, DateTimeOffset now)
    {
        _backoff.Clear(Planning);
        return plan.Moves.Aggregate(plan.Due, (due, move) => new[] { due, Begin(move, now) }.Min());
    }

    /// <summary>An event has been recorded that was to be recorded for a step.</summary>
    public void Noted(SagaMove.Note note)
    {
        _backoff.Clear(note.Step);
        log.Recorded(note.Event, journal.Current);
    }

    /// <summary>From now on nothing more is to be begun.</summary>
    public Task Stop() => _stopping.CancelAsync();

    /// <summary>What shows that a move could not be made too often, if there is one.</summary>
    public SagaMove.Note? OutOfPatience(SagaState state, SagaPlan plan, DateTimeOffset now)
    {
        foreach (var move in plan.Moves)
        {
            if (!_underWay.ContainsKey(move.Step) && _backoff.TryGet(move.Step, out var failed))
            {
                var policy = PolicyOf(sagas.Of(state)!, move);
                if (failed.Times >= (state.StandingOf(move.Step).Stuck ? 1 : policy.StuckAfter))
                {
                    return SagaPlanner.Stuck(state, move.Step, policy, "unavailable", failed.Message, now);
                }
            }
        }

        return null;
    }

    /// <summary>It could not be found out what is to be done next.</summary>
    /// <returns>When that is tried again.</returns>
    public DateTimeOffset PlanningFailed(Exception e) => Failed(Planning, WholeSaga, e);

    /// <returns>When it can be begun, if it cannot now.</returns>
    private DateTimeOffset? Begin(SagaMove move, DateTimeOffset now)
    {
        if (_underWay.ContainsKey(move.Step) || (move is not SagaMove.Send && _underWay.Count > 0))
        {
            return null;
        }

        if (_backoff.TryGet(move.Step, out var failed) && failed.NotBefore > now)
        {
            return failed.NotBefore;
        }

        _underWay[move.Step] = Make(move);
        return null;
    }

    private async Task Make(SagaMove move)
    {
        // So that it is in the list before it is taken out of it.
        await Task.Yield();
        var saga = sagas.Of(journal.Current)!;
        try
        {
            var state = await journal.Durable();
            if (!move.Holds(state))
            {
                return;
            }

            var e = await new SagaProgress(saga, state, id, sender.For(state.Cause), time).Make(move);
            await journal.Ready();
            if (move.Holds(journal.Current))
            {
                await journal.Record(e);
                log.Recorded(e, state);
            }

            _backoff.Clear(move.Step);
        }
        catch (Exception e)
        {
            Failed(move.Step, PolicyOf(saga, move), e);
        }
        finally
        {
            _underWay.Remove(move.Step);
        }
    }

    private DateTimeOffset Failed(string step, StepRetry policy, Exception e)
    {
        var now = time.GetUtcNow();
        var type = journal.Current.SagaType;
        var delay = _backoff.Failed(step, $"{type}/{id}/{step}", policy, e, now);
        log.Failed(_stopping.IsCancellationRequested || stop.Explains(e), e, type, step, delay);
        return now + delay;
    }

    private static StepRetry PolicyOf(Saga saga, SagaMove move) => saga.Find(move.Step) is not { } step ? WholeSaga
        : move is SagaMove.Undo ? step.UndoPolicy
        : step.RetryPolicy;
}
