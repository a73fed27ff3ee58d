using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using FsCheck;
using FsCheck.Fluent;
using Loire.Testing;

namespace Commerce.Tests;

/// <summary>What must hold for any sequence of commands: that folding the log gives the state, and more.</summary>
public sealed class DeciderProperties
{
    [Fact]
    public void Those_of_every_decider_hold_for_users() => Check(Specify.Properties(new UserDecider()), Commands.User);

    [Fact]
    public void And_for_products() => Check(Specify.Properties(new ProductDecider()), Commands.Product);

    [Fact]
    public void And_for_orders() => Check(Specify.Properties(new OrderDecider()), Commands.Order);

    [Fact]
    public void And_for_shipments() => Check(Specify.Properties(new ShipmentDecider()), Commands.Shipment);

    [Fact]
    public void A_balance_is_what_came_in_less_what_went_out() => Check(
        Specify.Properties(new AccountDecider()).Always("The balance is the sum", (state, events) => state.Balance.Amount == events.Sum(e => e switch
        {
            AccountEvent.Opened opened => opened.InitialBalance.Amount,
            AccountEvent.Deposited deposited => deposited.Amount.Amount,
            AccountEvent.Withdrawn withdrawn => -withdrawn.Amount.Amount,
            _ => 0,
        })),
        Commands.Account);

    [Fact]
    public void No_stock_is_made_or_lost() => Check(
        Specify.Properties(new InventoryDecider()).Always("Stock is conserved", (state, events) => state.Available >= 0
            && state.Reserved == state.Reservations.Values.Sum(q => (long)q)
            && state.Available + state.Reserved == events.OfType<InventoryEvent.StockReceived>().Sum(e => (long)e.Quantity)),
        Commands.Inventory);

    [Fact]
    public void A_payment_is_refunded_only_if_it_was_charged() => Check(
        Specify.Properties(new PaymentDecider()).Always(
            "A refund follows a charge",
            (_, events) => events.Count <= 2 && events.Skip(1).All(e => e is PaymentEvent.Refunded && events[0] is PaymentEvent.Charged)),
        Commands.Payment);

    [Fact]
    public void Every_event_comes_back_from_the_log_as_it_went_in() =>
        EventTypes.Of(loire => loire.AddCommerce()).RoundTrip().ShouldNotBeEmpty();

    private static void Check<TCommand, TState, TEvent>(DeciderProperties<TCommand, TState, TEvent> properties, Gen<TCommand> commands)
        where TCommand : class
        where TState : class
        where TEvent : class =>
        Prop.ForAll(Arb.From(commands.ListOf()), sequence => properties.Check([.. sequence]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));
}
