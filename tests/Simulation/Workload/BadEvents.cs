using Loire.Subscriptions;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>
/// Events that handlers throw on: a few times, or until the troubles are over. Which ones they are comes from the seed; it is
/// the same for every silo and every attempt.
/// </summary>
internal sealed class BadEvents(Simulator simulator)
{
    // What these make of an event depends on no other aggregate, or the checks allow for it, so that it may be handled late.
    private static readonly string[] Victims =
    [
        "accounts@1", "users@1", "products@1", "inventory@1", "sagas@3", "order-fulfillment-trigger", "order-expiry-trigger",
        "processes@1", "order-stock", "order-payment", "order-shipment", "order-confirmation",
        "deposits@1",
    ];

    private readonly double _rate = simulator.Random.Chance(0.5) ? 0.15 * simulator.Random.NextDouble() : 0;
    private readonly double _foldRate = simulator.Random.Chance(0.5) ? 0.5 * simulator.Random.NextDouble() : 0;
    private readonly Dictionary<(string Subscription, long Position), int> _left = [];

    /// <summary>From now on handlers throw no more.</summary>
    public bool Over { get; set; }

    public SubscriptionDefinition Trouble(SubscriptionDefinition subscription) => _rate > 0 && Victims.Contains(subscription.Name)
        ? subscription with { NewHandler = () => Trouble(subscription.Name, subscription.NewHandler()) }
        : subscription;

    /// <summary>For what folds events itself, in a rebuild or an audit too.</summary>
    public void Meet(long position)
    {
        if (_foldRate > 0 && Strikes("folds", position, _foldRate))
        {
            throw new InvalidOperationException($"event {position} is bad for whoever folds it");
        }
    }

    private ISubscriptionHandler Trouble(string subscription, ISubscriptionHandler handler) => HandlerDecoration.Around(handler, async (events, cancellation) =>
    {
        if (events.FirstOrDefault(e => Strikes(subscription, e.Position, _rate)) is not { } bad)
        {
            return await handler.Handle(events, cancellation);
        }

        // It throws half-way, and does not always say where.
        await handler.Handle([.. events.TakeWhile(e => e.Position <= bad.Position)], cancellation);
        var failure = new InvalidOperationException($"event {bad.Position} is bad for {subscription}");
        throw simulator.Random.Chance(0.5) ? failure : new EventFailedException(bad, failure);
    });

    private bool Strikes(string subscription, long position, double rate)
    {
        if (Over)
        {
            return false;
        }

        var key = (subscription, position);
        if (!_left.TryGetValue(key, out var left))
        {
            left = !simulator.Random.Chance(rate) ? 0 : simulator.Random.Chance(0.3) ? int.MaxValue : simulator.Random.Next(1, 8);
        }

        _left[key] = Math.Max(0, left - 1);
        return left > 0;
    }
}
