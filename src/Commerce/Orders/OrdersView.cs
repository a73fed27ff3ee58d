using System.Collections.Immutable;
using Commerce.Products;
using Commerce.Users;
using Loire.Projections;

namespace Commerce.Orders;

/// <summary>Orders with the names of customers and products, as they were when the order was placed.</summary>
public sealed class OrdersView : Projection<OrderView>
{
    private readonly ViewTable<NameEntry> _customers;
    private readonly ViewTable<NameEntry> _products;

    public OrdersView()
        : base("orders")
    {
        _customers = Lookup<NameEntry>("customers");
        _products = Lookup<NameEntry>("products");

        On<UserEvent.Registered>((session, e, info) => Learn(session, _customers, info, e.Name));
        On<UserEvent.Updated>((session, e, info) =>
            e.Changes.NewValues.TryGetValue("name", out var name) ? Learn(session, _customers, info, name) : Task.CompletedTask);
        On<ProductEvent.Created>((session, e, info) => Learn(session, _products, info, e.Name));
        On<OrderEvent.Placed>(Place);
        On<OrderEvent.Confirmed>((view, _, _) => view! with { Status = OrderStatus.Confirmed });
        On<OrderEvent.Cancelled>((view, e, _) => view! with { Status = OrderStatus.Cancelled, CancelReason = e.Reason });
    }

    private static Task Learn(ViewSession session, ViewTable<NameEntry> names, EventInfo info, string name)
    {
        session.Put(names, info.AggregateId, new NameEntry(name));
        return Task.CompletedTask;
    }

    private async Task Place(ViewSession session, OrderEvent.Placed e, EventInfo info)
    {
        var items = ImmutableArray.CreateBuilder<OrderViewItem>(e.Items.Length);
        foreach (var item in e.Items)
        {
            var product = await session.Find(_products, item.ProductId);
            items.Add(new OrderViewItem(item.ProductId, product?.Name ?? "", item.Quantity, item.Price.Amount));
        }

        var customer = await session.Find(_customers, e.CustomerId);
        session.Put(Documents, info.AggregateId, new OrderView(
            info.AggregateId,
            e.CustomerId,
            customer?.Name ?? "",
            items.ToImmutable(),
            e.Total.Amount,
            e.PaymentMethod,
            OrderStatus.Pending,
            CancelReason: null,
            e.PlacedAt));
    }

    private sealed record NameEntry(string Name);
}

public sealed record OrderView(
    string Id,
    [property: Indexed] string CustomerId,
    string CustomerName,
    ImmutableArray<OrderViewItem> Items,
    decimal Total,
    string PaymentMethod,
    [property: Indexed] OrderStatus Status,
    string? CancelReason,
    DateTimeOffset PlacedAt);

public sealed record OrderViewItem(string ProductId, string ProductName, int Quantity, decimal Price);
