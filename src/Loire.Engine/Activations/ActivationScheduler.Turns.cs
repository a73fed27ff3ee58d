using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The loop that runs turns.</summary>
internal sealed partial class ActivationScheduler
{
    private enum Step
    {
        None,
        Yield,
        Activate,
        Deactivate,
        Continue,
        Call,
    }

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        s_running = this;
        // One task for each burst of turns makes this the current scheduler for all of them.
        var burst = new Task(static scheduler => ((ActivationScheduler)scheduler!).RunTurns(), this);
        burst.RunSynchronously(this);
        s_running = null;
        if (burst.Exception is { } failure)
        {
            runtime.Log.TurnFailed(failure, activation.GrainId);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            (_turns ??= new Queue<Task>()).Enqueue(task);
            ScheduleIfNeeded();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        s_running == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return _turns?.ToArray() ?? [];
        }
    }

    private void RunTurns()
    {
        var clean = ExecutionContext.Capture()!;
        var limit = runtime.Control?.TurnsPerBurst ?? DefaultTurnsPerBurst;
        GrainRequest? ended = null;
        for (var turn = 0; ; turn++)
        {
            Step step;
            Task? continuation;
            GrainRequest? call;
            lock (_gate)
            {
                if (ended is not null)
                {
                    EndRunning(ended);
                    ended = null;
                }

                step = Next(turn, limit, out continuation, out call);
            }

            switch (step)
            {
                case Step.None:
                    return;
                case Step.Yield:
                    Dispatch(preferLocal: false);
                    return;
                case Step.Continue:
                    TryExecuteTask(continuation!);
                    break;
                case Step.Call:
                    ended = Run(call!) ? call : null;
                    RestoreIfChanged(clean);
                    break;
                default:
                    Begin(step, call);
                    RestoreIfChanged(clean);
                    break;
            }
        }
    }

    private Step Next(int turn, int limit, out Task? continuation, out GrainRequest? call)
    {
        continuation = null;
        call = null;
        if (turn == limit)
        {
            return Step.Yield;
        }

        if (_phase is Phase.Killed or Phase.New)
        {
            if (_phase == Phase.Killed)
            {
                return Step.None;
            }

            _phase = Phase.Activating;
            call = _waiting.First;
            return Step.Activate;
        }

        // Continuations and new calls take turns, so that neither starves the other.
        if ((turn & 1) == 1 && (call = NextToStart()) is not null)
        {
            return Step.Call;
        }

        if (_turns is not null && _turns.TryDequeue(out continuation))
        {
            return Step.Continue;
        }

        if ((call = NextToStart()) is not null)
        {
            return Step.Call;
        }

        if (_endRequested && _phase == Phase.Active && _running.Count == 0)
        {
            _phase = Phase.Deactivating;
            return Step.Deactivate;
        }

        _scheduled = false;
        return Step.None;
    }

    private bool Run(GrainRequest request)
    {
        if (request.Context is not null)
        {
            RequestContext.Current = request.Context;
        }

        if (request.CallChain != Guid.Empty)
        {
            RequestContext.ReentrancyId = request.CallChain;
        }

        return request.Start(activation);
    }

    private void Begin(Step step, GrainRequest? firstCall)
    {
        if (step == Step.Activate && firstCall?.Context is { } context)
        {
            RequestContext.Current = context;
        }

        // Neither fails: what goes wrong in the grain's code is theirs to report.
        _ = step == Step.Activate ? activation.Activate() : activation.End();
    }

    // The next turn must not see what this one left in async locals.
    private static void RestoreIfChanged(ExecutionContext clean)
    {
        if (!ReferenceEquals(ExecutionContext.Capture(), clean))
        {
            ExecutionContext.Restore(clean);
        }
    }
}
