using Loire.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>
/// Runs one saga: makes the moves that are planned, records what came of them, and so on, until it ends or has to wait for
/// longer than a moment. It runs in the turns of the saga's grain.
/// </summary>
/// <param name="id">The saga's id.</param>
/// <param name="journal">Its journal.</param>
/// <param name="sagas">The definitions.</param>
/// <param name="sender">Sends its commands.</param>
/// <param name="time">The time.</param>
/// <param name="stop">Tells failures from the end of the host.</param>
/// <param name="logger">The log.</param>
/// <param name="stayActive">Called while there is something to do.</param>
/// <param name="rest">Called when there is nothing to do for longer than a moment: a saga that waits need not be in memory.</param>
internal sealed partial class SagaRunner(
    string id, SagaJournal journal, SagaRegistry sagas, SagaSender sender, TimeProvider time, HostStop stop, ILogger logger, Action stayActive, Action rest)
{
    /// <summary>Longer waits are the durable timer's, which wakes the saga; it need not be active meanwhile.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>Stands where a step stands otherwise when the saga could not even begin something.</summary>
    private const string Planning = "*";

    private static readonly StepRetry WholeSaga = new();

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Task> _busy = [];
    private readonly SagaBackoff _backoff = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>Sees that the saga runs, and that it takes notice of what has just been recorded.</summary>
    public void Keep()
    {
        _news.TrySetResult();
        if (_running.IsCompleted && !journal.Current.Ended && !_stopping.IsCancellationRequested)
        {
            _running = Run();
        }
    }

    /// <summary>
    /// Waits for a moment until a step waits for its answer, if it is about to: whoever answers may be quicker than the saga
    /// is to record that it has asked.
    /// </summary>
    public async Task Asked(string step)
    {
        var started = time.GetTimestamp();
        while (journal.Current is { IsForward: true } state && state.CurrentSteps.Contains(step) && !state.StandingOf(step).Waits
            && time.GetElapsedTime(started) < Courtesy && !_stopping.IsCancellationRequested)
        {
            Keep();
            await Task.Delay(Moment, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Begins nothing more, and completes when nothing is under way.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellation);
        _stopping.Dispose();
    }

    private async Task Run()
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            stayActive();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var due = await Advance();
            if (_busy.Count == 0 && !(due - time.GetUtcNow() <= ShortWait))
            {
                if (!journal.Current.Ended)
                {
                    rest();
                }

                return;
            }

            await Wait(due);
        }

        await Task.WhenAll(_busy.Values);
    }

    /// <summary>Begins what can be begun now.</summary>
    /// <returns>When there may be more to do, though nothing has happened.</returns>
    private async Task<DateTimeOffset?> Advance()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await journal.Ready();
                var now = time.GetUtcNow();
                var state = journal.Current;
                var (moved, problem) = state.Ended ? default : sagas.Fit(state);
                if (moved is not null && _busy.Count == 0)
                {
                    await journal.Record(moved);
                    continue;
                }

                var plan = problem is null ? moved is null ? SagaPlanner.Next(sagas.Of(state)!, state, now) : new SagaPlan([], null)
                    : SagaPlanner.Stuck(state, problem, now);
                if ((plan.Moves.FirstOrDefault(m => m is SagaMove.Note) ?? OutOfPatience(state, plan, now)) is SagaMove.Note note)
                {
                    await journal.Record(note.Event);
                    _backoff.Clear(note.Step);
                    LogNote(note.Event, state);
                    continue;
                }

                _backoff.Clear(Planning);
                return plan.Moves.Aggregate(plan.Due, (due, move) => new[] { due, Begin(move, now) }.Min());
            }

            return null;
        }
        catch (Exception e)
        {
            return Failed(Planning, WholeSaga, e);
        }
    }

    /// <returns>When it can be begun, if it cannot now.</returns>
    private DateTimeOffset? Begin(SagaMove move, DateTimeOffset now)
    {
        if (_busy.ContainsKey(move.Step) || (move is not SagaMove.Send && _busy.Count > 0))
        {
            return null;
        }

        if (_backoff.TryGet(move.Step, out var failed) && failed.NotBefore > now)
        {
            return failed.NotBefore;
        }

        _busy[move.Step] = Make(move);
        return null;
    }

    private async Task Make(SagaMove move)
    {
        // So that it is in the list before it is taken out of it.
        await Task.Yield();
        var state = journal.Current;
        var saga = sagas.Of(state)!;
        try
        {
            var e = await new SagaProgress(saga, state, id, sender.For(state.Cause), time).Make(move);
            await journal.Ready();
            if (move.Holds(journal.Current))
            {
                await journal.Record(e);
                LogNote(e, state);
            }

            _backoff.Clear(move.Step);
        }
        catch (Exception e)
        {
            Failed(move.Step, PolicyOf(saga, move), e);
        }
        finally
        {
            _busy.Remove(move.Step);
        }
    }

    /// <summary>What shows that a move could not be made too often, if there is one.</summary>
    private SagaMove? OutOfPatience(SagaState state, SagaPlan plan, DateTimeOffset now) =>
        (from move in plan.Moves
         where _backoff.TryGet(move.Step, out var failed)
             && failed.Times >= (state.StandingOf(move.Step).Stuck ? 1 : PolicyOf(sagas.Of(state)!, move).StuckAfter)
         let why = _backoff.TryGet(move.Step, out var entry) ? entry.Message : ""
         where !_busy.ContainsKey(move.Step)
         select SagaPlanner.Stuck(state, move.Step, PolicyOf(sagas.Of(state)!, move), "unavailable", why, now)).FirstOrDefault();

    private DateTimeOffset Failed(string step, StepRetry policy, Exception e)
    {
        var now = time.GetUtcNow();
        var delay = _backoff.Failed(step, $"{journal.Current.SagaType}/{id}/{step}", policy, e, now);
        var level = _stopping.IsCancellationRequested || stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning;
        LogRetry(level, e, journal.Current.SagaType, id, step, delay);
        return now + delay;
    }

    private async Task Wait(DateTimeOffset? due)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var wait = due - time.GetUtcNow() + TimeSpan.FromMilliseconds(1) ?? ShortWait;
        var delay = Task.Delay(wait > ShortWait ? ShortWait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, time, over.Token);
        await Task.WhenAny([.. _busy.Values, _news.Task, delay]);
        await over.CancelAsync();
    }

    private static StepRetry PolicyOf(Saga saga, SagaMove move) => saga.Find(move.Step) is not { } step ? WholeSaga
        : move is SagaMove.Undo ? step.UndoPolicy
        : step.RetryPolicy;
}
