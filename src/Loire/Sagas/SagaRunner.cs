namespace Loire.Sagas;

/// <summary>
/// Runs one saga: has the moves made that are planned, until it ends or has to wait for longer than a moment. It runs in the
/// turns of the saga's grain.
/// </summary>
/// <param name="moves">What it has under way.</param>
/// <param name="journal">Its journal.</param>
/// <param name="sagas">The definitions.</param>
/// <param name="time">The time.</param>
/// <param name="stayActive">Called while there is something to do.</param>
/// <param name="rest">Called when there is nothing to do for longer than a moment: a saga that waits need not be in memory.</param>
internal sealed class SagaRunner(SagaMoves moves, SagaJournal journal, SagaRegistry sagas, TimeProvider time, Action stayActive, Action rest)
{
    /// <summary>Longer waits are the durable timer's, which wakes the saga; it need not be active meanwhile.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>Sees that the saga runs, and that it takes notice of what has just been recorded.</summary>
    public void Keep()
    {
        _news.TrySetResult();
        if (_running.IsCompleted && !journal.Current.Ended && !moves.Stopping.IsCancellationRequested)
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
            && time.GetElapsedTime(started) < Courtesy && !moves.Stopping.IsCancellationRequested)
        {
            Keep();
            await Task.Delay(Moment, time, moves.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Begins nothing more, and completes when nothing is under way.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        await moves.Stop();
        await _running.WaitAsync(cancellation);
    }

    private async Task Run()
    {
        await Task.Yield();
        while (!moves.Stopping.IsCancellationRequested)
        {
            stayActive();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var due = await Advance();
            if (moves.UnderWay.Count == 0 && !(due - time.GetUtcNow() <= ShortWait))
            {
                if (!journal.Current.Ended)
                {
                    rest();
                }

                return;
            }

            await Wait(due);
        }

        await Task.WhenAll(moves.UnderWay);
    }

    /// <summary>Begins what can be begun now.</summary>
    /// <returns>When there may be more to do, though nothing has happened.</returns>
    private async Task<DateTimeOffset?> Advance()
    {
        try
        {
            while (!moves.Stopping.IsCancellationRequested)
            {
                var state = await journal.Durable();
                var now = time.GetUtcNow();
                var (moved, problem) = state.Ended ? default : sagas.Fit(state);
                if (moved is not null && moves.UnderWay.Count == 0)
                {
                    await journal.Record(moved);
                    continue;
                }

                var plan = problem is null ? moved is null ? SagaPlanner.Next(sagas.Of(state)!, state, now) : new SagaPlan([], null)
                    : SagaPlanner.Stuck(state, problem, now);
                if ((plan.Moves.OfType<SagaMove.Note>().FirstOrDefault() ?? moves.OutOfPatience(state, plan, now)) is { } note)
                {
                    await journal.Record(note.Event);
                    moves.Noted(note);
                    continue;
                }

                return moves.Begin(plan, now);
            }

            return null;
        }
        catch (Exception e)
        {
            return moves.PlanningFailed(e);
        }
    }

    private async Task Wait(DateTimeOffset? due)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(moves.Stopping);
        var wait = due - time.GetUtcNow() + TimeSpan.FromMilliseconds(1) ?? ShortWait;
        var delay = Task.Delay(wait > ShortWait ? ShortWait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, time, over.Token);
        await Task.WhenAny([.. moves.UnderWay, _news.Task, delay]);
        await over.CancelAsync();
    }
}
