using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Products;
using Commerce.Users;
using Loire.Aggregates;
using Loire.Serialization;
using Loire.Simulation.Workload;

namespace Loire.Simulation.Checks;

/// <summary>Decides a command again, on the states that the aggregate had.</summary>
internal sealed class Replay(Facts facts, Operation operation)
{
    private readonly Func<long, (string? Rejection, IReadOnlyList<string> Events)> _decide = operation.Command switch
    {
        AccountCommand => Deciding(new AccountDecider(), facts, operation),
        InventoryCommand => Deciding(new InventoryDecider(), facts, operation),
        OrderCommand => Deciding(new OrderDecider(), facts, operation),
        ProductCommand => Deciding(new ProductDecider(), facts, operation),
        UserCommand => Deciding(new UserDecider(), facts, operation),
        _ => throw new NotSupportedException($"No workload sends {operation.Command}"),
    };

    /// <summary>The versions that the answer may rest on.</summary>
    public IEnumerable<long> Versions
    {
        get
        {
            for (var version = operation.KnownVersion; version <= operation.VersionAtAnswer; version++)
            {
                yield return version;
            }
        }
    }

    public bool IsAccepted(long version, IEnumerable<string> events) =>
        _decide(version) is (null, var decided) && decided.SequenceEqual(events);

    public bool IsRejected(long version, string code) => _decide(version).Rejection == code;

    private static Func<long, (string? Rejection, IReadOnlyList<string> Events)> Deciding<TCommand, TState, TEvent>(
        IDecider<TCommand, TState, TEvent> decider, Facts facts, Operation operation)
        where TEvent : notnull
    {
        var events = facts.Stream(operation.Stream).Select(e => (TEvent)facts.Decode(e)).ToList();
        return version =>
        {
            var state = events.Take((int)version).Aggregate(decider.Initial, decider.Evolve);
            var decision = decider.Decide(
                (TCommand)operation.Command, state, new CommandContext(operation.Stream.Id, DateTimeOffset.UnixEpoch));
            return decision switch
            {
                Decision<TEvent>.Accept accept => (null, [.. accept.Events.Select(e => $"{operation.Stream.Aggregate}.{CommandCodec.NameOf(e)}")]),
                Decision<TEvent>.Reject reject => (reject.Reason.Code, []),
                _ => throw new NotSupportedException($"No decision: {decision}"),
            };
        };
    }
}
