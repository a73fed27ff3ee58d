using Commerce.Orders;
using Loire.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>Every order was watched from its placing to its end, each event counted once, and each command was carried out once.</summary>
internal static class ProcessChecks
{
    public static IEnumerable<string> Run(Facts facts)
    {
        if (!facts.Services.GetServices<ProcessManager>().Any())
        {
            return [];
        }

        return from order in facts.Streams
               where order.Aggregate == "order"
               from violation in Run(facts, order.Id)
               select $"{OrderExpiry.Name} {order.Id}: {violation}";
    }

    private static IEnumerable<string> Run(Facts facts, string id)
    {
        var events = facts.Of(OrderExpiry.Name, id).Select(e => (ProcessEvent)e.Event).ToList();
        var order = facts.Of("order", id).Select(e => (OrderEvent)e.Event).ToList();
        var state = events.Aggregate(new ProcessState(), (before, e) => before.Apply(e));
        if (state.Status != ProcessStatus.Completed || state.Outbox.Count > 0)
        {
            yield return $"it is {state.Status} in {state.State}, and has {state.Outbox.Count} commands to send";
        }

        foreach (var repeated in events.Select(InputOf).Where(i => i?.EventId is not null).GroupBy(i => i!.EventId).Where(g => g.Count() > 1))
        {
            yield return $"{repeated.First()!.Name} at position {repeated.First()!.Position} counted {repeated.Count()} times";
        }

        foreach (var repeated in events.Select(NumberOf).Where(n => n is not null).GroupBy(n => n).Where(g => g.Count() > 1))
        {
            yield return $"command {repeated.Key} was answered {repeated.Count()} times";
        }

        var expired = order.OfType<OrderEvent.Cancelled>().Any(e => e.Reason == OrderExpiry.Reason);
        if (expired && !events.OfType<ProcessEvent.CommandSent>().Any())
        {
            yield return "the order was cancelled, and nobody had decided that";
        }

        var fits = state.State switch
        {
            "confirmed" => order.OfType<OrderEvent.Confirmed>().Any(),
            "cancelled" or "kept" => order.OfType<OrderEvent.Cancelled>().Any(),
            _ => false,
        };
        if (!fits)
        {
            yield return $"it ended in {state.State}, and the order has {string.Join(", ", order.Select(e => e.GetType().Name))}";
        }
    }

    private static ProcessInput? InputOf(ProcessEvent e) => e switch
    {
        ProcessEvent.Moved moved => moved.Input,
        ProcessEvent.Ignored ignored => ignored.Input,
        ProcessEvent.Failed failed => failed.Input,
        _ => null,
    };

    private static long? NumberOf(ProcessEvent e) => e switch
    {
        ProcessEvent.CommandSent sent => sent.Number,
        ProcessEvent.CommandWithdrawn withdrawn => withdrawn.Number,
        _ => null,
    };
}
