using Loire.Aggregates;

namespace Loire.Sagas;

/// <summary>Sends a command of a saga.</summary>
/// <param name="command">The command.</param>
/// <param name="purpose">Step, direction and number: unique within the saga.</param>
/// <returns>Why it was rejected; <see langword="null"/> when it was accepted.</returns>
internal delegate Task<Rejection?> SagaSend(SagaCommand command, string purpose);

/// <summary>What a saga does next. It knows nothing of grains and keeps nothing: what was done before is in the state.</summary>
internal static class SagaProgress
{
    /// <summary>Does the next thing, or undoes it, and says so by an event. When it throws, the same is to be done again.</summary>
    public static Task<SagaEvent> Next(Saga saga, SagaState state, object context, SagaSend send) =>
        state.Status == SagaStatus.Compensating ? Undo(saga, state, context, send) : Do(saga, state, context, send);

    private static async Task<SagaEvent> Do(Saga saga, SagaState state, object context, SagaSend send)
    {
        if (state.CurrentStep is not { } name)
        {
            return new SagaEvent.Completed();
        }

        var commands = StepNamed(saga, name).Send(context);
        for (var i = 0; i < commands.Count; i++)
        {
            if (await send(commands[i], $"{name}/do/{i}") is { } rejection)
            {
                return new SagaEvent.StepFailed(name, rejection.Code, rejection.Detail, Begun: i > 0);
            }
        }

        return new SagaEvent.StepCompleted(name);
    }

    private static async Task<SagaEvent> Undo(Saga saga, SagaState state, object context, SagaSend send)
    {
        if (state.ToCompensate.FirstOrDefault() is { } name)
        {
            return new SagaEvent.StepCompensated(name, await SendAll(StepNamed(saga, name).Undo(context), $"{name}/undo", send));
        }

        var reason = state.Reason ?? "compensated";
        await SendAll(saga.OnFailed(context, reason), "failed", send);
        return new SagaEvent.Failed(reason);
    }

    /// <summary>Sends commands that undo something; a rejection of one does not keep the others from being sent.</summary>
    private static async Task<IReadOnlyList<string>> SendAll(IReadOnlyList<SagaCommand> commands, string purpose, SagaSend send)
    {
        var rejections = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            if (await send(commands[i], $"{purpose}/{i}") is { } rejection)
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
