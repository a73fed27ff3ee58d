using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Simulation.Workload;
using Loire.Subscriptions;

namespace Loire.Simulation.Defects;

/// <summary>Handles an event that fails at some later time, and lets those of its aggregate that come after it pass.</summary>
internal static class LettersPass
{
    public static SubscriptionDefinition Plant(SubscriptionDefinition subscription) =>
        subscription with { NewHandler = () => Plant(subscription.NewHandler()) };

    private static ISubscriptionHandler Plant(ISubscriptionHandler handler)
    {
        List<RecordedEvent> late = [];
        return HandlerDecoration.Around(handler, async (events, cancellation) =>
        {
            try
            {
                IReadOnlyList<DocumentChange> changes = await handler.Handle([.. events, .. late], cancellation);
                late.Clear();
                return changes;
            }
            catch (EventFailedException e) when (e.InnerException is InvalidOperationException)
            {
                late.AddRange(events.Where(x => x.Position == e.Event.Position));
                return await handler.Handle([.. events.Where(x => x.Position != e.Event.Position)], cancellation);
            }
        });
    }
}
