using Commerce.Accounts;
using Loire.Aggregates;
using Loire.Commands;
using Loire.Sagas;

namespace Loire.Simulation.Defects;

/// <summary>Sends the commands of saga steps without idempotency keys.</summary>
internal sealed class NoKeysOnSagaSteps : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 1
            && context.Request.GetArgument(0) is CommandMessage { Headers.KeepReceipt: true } message)
        {
            context.Request.SetArgument(0, message with { Headers = message.Headers with { IdempotencyKey = null } });
        }

        return context.Invoke();
    }
}

/// <summary>Decides on the state before the last event, as code does that reads it before it waits.</summary>
internal sealed class StaleDecisions(IDecider<AccountCommand, Account, AccountEvent> decider)
    : IDecider<AccountCommand, Account, AccountEvent>
{
    private readonly Dictionary<string, Account> _seen = [];

    public Account Initial => decider.Initial;

    public Decision<AccountEvent> Decide(AccountCommand command, Account state, CommandContext context)
    {
        var stale = _seen.GetValueOrDefault(context.AggregateId, state);
        _seen[context.AggregateId] = state;
        return decider.Decide(command, stale.OwnerId is null ? state : stale, context);
    }

    // A balance cannot be negative, so what was decided wrongly must not stop the fold.
    public Account Evolve(Account state, AccountEvent @event) => decider.Evolve(state, @event);
}

/// <summary>Undoes the first step first.</summary>
internal static class CompensationInOrder
{
    public static TSaga Plant<TSaga>(TSaga saga)
        where TSaga : Saga
    {
        var steps = saga.Steps.Take(3).ToList();
        foreach (var (step, undo) in steps.Zip(steps.Select(s => s.Undo).Reverse().ToList()))
        {
            step.Undo = undo;
        }

        return saga;
    }
}
