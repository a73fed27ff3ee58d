namespace Loire.Sagas;

/// <summary>What a saga does next. It knows nothing of grains and keeps nothing: what was done before is in the state.</summary>
internal static class SagaProgress
{
    /// <summary>Does the next thing, or undoes it, and says so by an event. When it throws, the same is to be done again.</summary>
    public static Task<SagaEvent> Next(Saga saga, SagaState state, object context, ISagaSender sender) =>
        state.Status == SagaStatus.Compensating ? Undo(saga, state, context, sender) : Do(saga, state, context, sender);

    private static async Task<SagaEvent> Do(Saga saga, SagaState state, object context, ISagaSender sender)
    {
        if (state.CurrentStep is not { } name)
        {
            return new SagaEvent.Completed();
        }

        var commands = StepNamed(saga, name).Send(context);
        for (var i = 0; i < commands.Count; i++)
        {
            if (await sender.Send(commands[i], $"{name}/do/{i}") is { } rejection)
            {
                return new SagaEvent.StepFailed(name, rejection.Code, rejection.Detail, Begun: i > 0);
            }
        }

        return new SagaEvent.StepCompleted(name);
    }

    private static async Task<SagaEvent> Undo(Saga saga, SagaState state, object context, ISagaSender sender)
    {
        if (await NextToUndo(saga, state, context, sender) is { } name)
        {
            return new SagaEvent.StepCompensated(name, await SendAll(StepNamed(saga, name).Undo(context), $"{name}/undo", sender));
        }

        var reason = state.Reason ?? "compensated";
        await SendAll(saga.OnFailed(context, reason), "failed", sender);
        return new SagaEvent.Failed(reason);
    }

    /// <summary>
    /// The step to undo next. What the step that was under way has not done yet, it never will, even if a silo that was taken
    /// for dead is about to: so nothing is done behind its undoing.
    /// </summary>
    private static async Task<string?> NextToUndo(Saga saga, SagaState state, object context, ISagaSender sender)
    {
        var tookEffect = false;
        var doubtful = state.InDoubt is { } underWay ? StepNamed(saga, underWay).Send(context) : [];
        for (var i = 0; i < doubtful.Count; i++)
        {
            tookEffect |= await sender.Withdraw(doubtful[i], $"{state.InDoubt}/do/{i}");
        }

        return tookEffect ? state.InDoubt : state.ToCompensate.FirstOrDefault();
    }

    /// <summary>Sends commands that undo something; a rejection of one does not keep the others from being sent.</summary>
    private static async Task<IReadOnlyList<string>> SendAll(IReadOnlyList<SagaCommand> commands, string purpose, ISagaSender sender)
    {
        var rejections = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            if (await sender.Send(commands[i], $"{purpose}/{i}") is { } rejection)
            {
                rejections.Add($"{commands[i].Aggregate}/{commands[i].Id}: {rejection.Code}");
            }
        }

        return rejections;
    }

    private static SagaStep StepNamed(Saga saga, string name) =>
        saga.Steps.FirstOrDefault(s => s.Name == name)
        ?? throw new InvalidOperationException($"The saga {saga.Type} has no step '{name}' any more.");
}
