using System.Text.Json;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using FsCheck;
using FsCheck.Fluent;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.Serialization;

namespace Commerce.Tests;

/// <summary>What must hold for any sequence of commands.</summary>
public sealed class DeciderProperties
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Folding_the_log_of_a_user_gives_its_state() => FoldingGivesTheState("user", new UserDecider(), Commands.User);

    [Fact]
    public void Folding_the_log_of_an_account_gives_its_state() =>
        FoldingGivesTheState("account", new AccountDecider(), Commands.Account);

    [Fact]
    public void Folding_the_log_of_a_product_gives_its_state() =>
        FoldingGivesTheState("product", new ProductDecider(), Commands.Product);

    [Fact]
    public void Folding_the_log_of_an_inventory_gives_its_state() =>
        FoldingGivesTheState("inventory", new InventoryDecider(), Commands.Inventory);

    [Fact]
    public void Folding_the_log_of_an_order_gives_its_state() => FoldingGivesTheState("order", new OrderDecider(), Commands.Order);

    [Fact]
    public void Folding_the_log_of_a_payment_gives_its_state() =>
        FoldingGivesTheState("payment", new PaymentDecider(), Commands.Payment);

    [Fact]
    public void Folding_the_log_of_a_shipment_gives_its_state() =>
        FoldingGivesTheState("shipment", new ShipmentDecider(), Commands.Shipment);

    [Fact]
    public void A_balance_is_what_came_in_less_what_went_out() => ForAnyHistory(
        new AccountDecider(),
        Commands.Account,
        (state, events) => state.Balance.Amount == events.Sum(e => e switch
        {
            AccountEvent.Opened opened => opened.InitialBalance.Amount,
            AccountEvent.Deposited deposited => deposited.Amount.Amount,
            AccountEvent.Withdrawn withdrawn => -withdrawn.Amount.Amount,
            _ => 0,
        }));

    [Fact]
    public void No_stock_is_made_or_lost() => ForAnyHistory(
        new InventoryDecider(),
        Commands.Inventory,
        (state, events) => state.Available >= 0
            && state.Reserved == state.Reservations.Values.Sum(q => (long)q)
            && state.Available + state.Reserved == events.OfType<InventoryEvent.StockReceived>().Sum(e => (long)e.Quantity));

    [Fact]
    public void A_payment_is_refunded_only_if_it_was_charged() => ForAnyHistory(
        new PaymentDecider(),
        Commands.Payment,
        (_, events) => events.Count <= 2 && events.Skip(1).All(e => e is PaymentEvent.Refunded && events[0] is PaymentEvent.Charged));

    private static void FoldingGivesTheState<TCommand, TState, TEvent>(
        string aggregate, IDecider<TCommand, TState, TEvent> decider, Gen<TCommand> commands)
        where TState : class
        where TEvent : class
    {
        var definition = new AggregateDefinition<TCommand, TState, TEvent>(aggregate, decider);
        ForAnyHistory(decider, commands, (state, events) =>
        {
            var recorded = events.Select((e, i) => Record(definition.Events.Encode(e, Noon, EventMetadata.None), aggregate, i + 1));
            return JsonElement.DeepEquals(definition.Fold(recorded), JsonSerializer.SerializeToElement(state, LoireJson.Stored));
        });
    }

    private static void ForAnyHistory<TCommand, TState, TEvent>(
        IDecider<TCommand, TState, TEvent> decider, Gen<TCommand> commands, Func<TState, IReadOnlyList<TEvent>, bool> holds) =>
        Prop.ForAll(Arb.From(commands.ListOf()), sequence =>
        {
            var (state, events) = (decider.Initial, new List<TEvent>());
            foreach (var command in sequence)
            {
                if (decider.Decide(command, state, new CommandContext("id", Noon)) is Decision<TEvent>.Accept accepted)
                {
                    events.AddRange(accepted.Events);
                    state = accepted.Events.Aggregate(state, decider.Evolve);
                }
            }

            return holds(state, events);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static RecordedEvent Record(NewEvent e, string aggregate, long version) => new(
        version, e.EventId, new StreamName(aggregate, "id"), version, e.Type, e.SchemaVersion, e.OccurredAt, e.Data, e.Metadata);
}
