namespace Loire.Sagas;

/// <summary>Makes a saga's moves, and says by an event what came of them. When it throws, the same is to be done again.</summary>
internal sealed class SagaProgress(Saga saga, SagaState state, string id, ISagaSender sender, TimeProvider time)
{
    public Task<SagaEvent> Make(SagaMove move) => move switch
    {
        SagaMove.Send => Do(Step(move.Step)),
        SagaMove.Withdraw => Withdraw(Step(move.Step)),
        SagaMove.Undo => Undo(Step(move.Step)),
        SagaMove.GiveUp => GiveUp(),
        SagaMove.Note note => Task.FromResult(note.Event),
        _ => throw new NotSupportedException($"No move of a saga: {move}"),
    };

    /// <summary>The keys of all commands of a step, and of the step as a whole: the next run needs others.</summary>
    public static IReadOnlyList<int> AllKeysOf(Saga saga, SagaState state, SagaStep step) =>
        [SagaState.AllCommands, .. Enumerable.Range(0, Commands(saga, state, step, state.RunOf("", step.Name)).Count)];

    private async Task<SagaEvent> Do(SagaStep step)
    {
        var commands = Commands(saga, state, step, state.RunOf(id, step.Name));
        for (var i = 0; i < commands.Count; i++)
        {
            if (await sender.Send(commands[i], Purpose(step, undo: false, i)) is { } failure)
            {
                return Failed(step, failure, i);
            }
        }

        return step.Waits ? new SagaEvent.StepSent(step.Name) : new SagaEvent.StepCompleted(step.Name);
    }

    private SagaEvent Failed(SagaStep step, CommandFailure failure, int command)
    {
        var now = time.GetUtcNow();
        var attempt = state.StandingOf(step.Name).Attempts + 1;
        IReadOnlyList<int>? usedUp = failure.WasAccepted ? [command] : null;
        if (step.RetryPolicy.Covers(failure.Code, attempt))
        {
            var again = now + step.RetryPolicy.DelayAfter($"{saga.Type}/{id}/{step.Name}", attempt);
            return new SagaEvent.AttemptFailed(step.Name, failure.Code, failure.Detail, attempt, again, usedUp);
        }

        return state.IsPastReturn
            ? new SagaEvent.StepStuck(
                step.Name, failure.Code, failure.Detail, now + step.RetryPolicy.SlowDelay($"{saga.Type}/{id}/{step.Name}", attempt - 1), usedUp)
            : new SagaEvent.StepFailed(step.Name, failure.Code, failure.Detail, Begun: command > 0);
    }

    /// <summary>What the step has not done yet, it never will, even if a silo that was taken for dead is about to.</summary>
    private async Task<SagaEvent> Withdraw(SagaStep step)
    {
        // Only the current run can still be on its way: an earlier one ended when all of its commands had been accepted.
        var run = state.RunOf(id, step.Name);
        var tookEffect = run.Number > 1;
        var commands = Commands(saga, state, step, run);
        for (var i = 0; i < commands.Count; i++)
        {
            tookEffect |= await sender.Withdraw(commands[i], Purpose(step, undo: false, i));
        }

        return new SagaEvent.StepWithdrawn(step.Name, tookEffect);
    }

    private async Task<SagaEvent> Undo(SagaStep step)
    {
        var failures = await SendAll(step.Undo(saga.ReadContext(state.Context)), i => Purpose(step, undo: true, i));
        if (failures.Count == 0)
        {
            return new SagaEvent.StepCompensated(step.Name, []);
        }

        var attempt = state.StandingOf(step.Name).Attempts + 1;
        int[] usedUp = [.. failures.Where(f => f.Failure.WasAccepted).Select(f => f.Number)];
        var first = failures[0].Failure;
        return failures.TrueForAll(f => step.UndoPolicy.Covers(f.Failure.Code, attempt))
            ? new SagaEvent.AttemptFailed(
                step.Name,
                first.Code,
                first.Detail,
                attempt,
                time.GetUtcNow() + step.UndoPolicy.DelayAfter($"{saga.Type}/{id}/{step.Name}/undo", attempt),
                usedUp)
            : new SagaEvent.CompensationFailed(step.Name, [.. failures.Select(f => Open(step, f.Command, f.Failure))], usedUp);
    }

    private async Task<SagaEvent> GiveUp()
    {
        var reason = state.Reason ?? "compensated";
        await SendAll(saga.OnFailed(saga.ReadContext(state.Context), reason), i => $"failed/{i}");
        return new SagaEvent.Failed(reason);
    }

    /// <summary>Sends commands that undo something; a rejection of one does not keep the others from being sent.</summary>
    private async Task<List<(int Number, SagaCommand Command, CommandFailure Failure)>> SendAll(
        IReadOnlyList<SagaCommand> commands, Func<int, string> purpose)
    {
        var failures = new List<(int, SagaCommand, CommandFailure)>();
        for (var i = 0; i < commands.Count; i++)
        {
            if (await sender.Send(commands[i], purpose(i)) is { } failure)
            {
                failures.Add((i, commands[i], failure));
            }
        }

        return failures;
    }

    private static IReadOnlyList<SagaCommand> Commands(Saga saga, SagaState state, SagaStep step, StepRun run) =>
        step.Commands(saga.ReadContext(state.StageContext), run);

    private static OpenWork Open(SagaStep step, SagaCommand command, CommandFailure failure) => new(
        step.Name,
        $"{command.Aggregate}/{command.Id}: {Serialization.CommandCodec.NameOf(command.Command)}",
        failure.Detail.Length == 0 ? failure.Code : $"{failure.Code}: {failure.Detail}");

    private SagaStep Step(string name) => saga.Find(name)
        ?? throw new InvalidOperationException($"The saga {saga.Type} has no step '{name}'.");

    private string Purpose(SagaStep step, bool undo, int command)
    {
        var round = state.RoundOf(step.Name, undo, command);
        return $"{step.Name}/{(undo ? "undo" : "do")}/{command}{(round == 0 ? "" : $"/{round}")}";
    }
}
