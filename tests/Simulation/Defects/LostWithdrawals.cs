using Loire.Commands;

namespace Loire.Simulation.Defects;

/// <summary>Forgets to withdraw the commands of steps that were under way when a saga turned back.</summary>
internal sealed class LostWithdrawals : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() != 1 || context.Request.GetArgument(0) is not CommandMessage { Headers.Withdraw: true })
        {
            return context.Invoke();
        }

        var id = context.TargetId;
        context.Result = new CommandResult.Accepted(new CommandReceipt(id.Type.ToString()!, id.Key.ToString()!, 0, 0, []), Replayed: false);
        return Task.CompletedTask;
    }
}
