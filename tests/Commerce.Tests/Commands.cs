using System.Collections.Immutable;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using Commerce.Values;
using FsCheck;
using FsCheck.Fluent;

namespace Commerce.Tests;

/// <summary>Commands at random, from few enough values that they meet each other.</summary>
internal static class Commands
{
    private static readonly Gen<string> Text = Gen.Elements("a", "b", "Ünïcødé ✓", "x y");
    private static readonly Gen<string> OrderId = Gen.Elements("o-1", "o-2", "o-3");

    private static readonly Gen<Money> Amount =
        from cents in Gen.Choose(0, 5_000)
        select Money.Of(cents / 100m);

    private static readonly Gen<Quantity> Pieces = Gen.Choose(1, 20).Select(Quantity.Of);

    private static readonly Gen<ImmutableArray<OrderItem>> Items =
        from product in Gen.Elements("p-1", "p-2")
        from quantity in Pieces
        from price in Amount
        from count in Gen.Choose(1, 3)
        select Enumerable.Repeat(new OrderItem(product, quantity, price), count).ToImmutableArray();

    public static Gen<UserCommand> User { get; } = Gen.OneOf(
        Text.Zip(Text).Select(t => (UserCommand)new UserCommand.Register(t.Item1, t.Item2)),
        Text.Zip(Text).Select(t => (UserCommand)new UserCommand.Update(t.Item1 == "a" ? null : t.Item1, t.Item2)),
        Text.Select(reason => (UserCommand)new UserCommand.Deactivate(reason)),
        Gen.Constant((UserCommand)new UserCommand.Reactivate()));

    public static Gen<AccountCommand> Account { get; } = Gen.OneOf(
        Text.Zip(Amount).Select(t => (AccountCommand)new AccountCommand.Open(t.Item1, t.Item2)),
        Amount.Select(amount => (AccountCommand)new AccountCommand.Deposit(amount)),
        Amount.Select(amount => (AccountCommand)new AccountCommand.Withdraw(amount)),
        Gen.Constant((AccountCommand)new AccountCommand.Close()));

    public static Gen<ProductCommand> Product { get; } = Gen.OneOf(
        Text.Zip(Amount).Select(t => (ProductCommand)new ProductCommand.Create(t.Item1, "", t.Item2, t.Item1)),
        Amount.Select(price => (ProductCommand)new ProductCommand.ChangePrice(price)),
        Gen.Constant((ProductCommand)new ProductCommand.Discontinue()));

    public static Gen<InventoryCommand> Inventory { get; } = Gen.OneOf(
        Pieces.Select(quantity => (InventoryCommand)new InventoryCommand.ReceiveStock(quantity)),
        OrderId.Zip(Pieces).Select(t => (InventoryCommand)new InventoryCommand.Reserve(t.Item1, t.Item2)),
        OrderId.Select(order => (InventoryCommand)new InventoryCommand.Release(order)));

    public static Gen<OrderCommand> Order { get; } = Gen.OneOf(
        Items.Select(items => (OrderCommand)new OrderCommand.Place("c-1", items, "card")),
        Gen.Constant((OrderCommand)new OrderCommand.Confirm()),
        Text.Select(reason => (OrderCommand)new OrderCommand.Cancel(reason)));

    public static Gen<PaymentCommand> Payment { get; } = Gen.OneOf(
        Amount.Zip(Gen.Elements("card", PaymentDecider.DeclinedMethod))
            .Select(t => (PaymentCommand)new PaymentCommand.Charge("o-1", "c-1", t.Item1, t.Item2)),
        Text.Select(reason => (PaymentCommand)new PaymentCommand.Refund(reason)));

    public static Gen<ShipmentCommand> Shipment { get; } = Gen.OneOf(
        Items.Select(items => (ShipmentCommand)new ShipmentCommand.Create("o-1", items)),
        Text.Select(reason => (ShipmentCommand)new ShipmentCommand.Cancel(reason)),
        Gen.Constant((ShipmentCommand)new ShipmentCommand.Deliver()));
}
