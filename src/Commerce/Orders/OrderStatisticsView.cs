using System.Globalization;
using Loire.Projections;

namespace Commerce.Orders;

/// <summary>What was ordered per day (UTC, of placement) and product; cancelled orders count in columns of their own.</summary>
public sealed class OrderStatisticsView : Projection<OrderStatistics>
{
    public OrderStatisticsView()
        : base("order-statistics")
    {
        On<OrderEvent.Placed>((session, e, _) => ForEachProduct(session, e.Items, e.PlacedAt, (view, orders, quantity, revenue) => view with
        {
            Orders = view.Orders + orders,
            Quantity = view.Quantity + quantity,
            Revenue = view.Revenue + revenue,
        }));
        On<OrderEvent.Cancelled>((session, e, _) => ForEachProduct(session, e.Items, e.PlacedAt, (view, orders, quantity, revenue) => view with
        {
            CancelledOrders = view.CancelledOrders + orders,
            CancelledQuantity = view.CancelledQuantity + quantity,
            CancelledRevenue = view.CancelledRevenue + revenue,
        }));
    }

    private async Task ForEachProduct(
        ViewSession session,
        IEnumerable<OrderItem> items,
        DateTimeOffset placedAt,
        Func<OrderStatistics, int, long, decimal, OrderStatistics> count)
    {
        var day = placedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var product in items.GroupBy(i => i.ProductId))
        {
            var id = $"{day}:{product.Key}";
            var view = await session.Find(Documents, id) ?? new OrderStatistics(id, day, product.Key);
            var quantity = product.Sum(i => (long)i.Quantity);
            session.Put(Documents, id, count(view, 1, quantity, product.Sum(i => i.Price.Amount * i.Quantity)));
        }
    }
}

/// <param name="Id">Day and product: <c>2026-11-20:p-1</c>.</param>
/// <param name="Day">Day of placement, UTC.</param>
/// <param name="ProductId">The product.</param>
/// <param name="Orders">Orders placed that contain it.</param>
/// <param name="Quantity">Pieces in them.</param>
/// <param name="Revenue">Their price.</param>
/// <param name="CancelledOrders">How many of these orders were cancelled later.</param>
/// <param name="CancelledQuantity">Pieces in them.</param>
/// <param name="CancelledRevenue">Their price.</param>
public sealed record OrderStatistics(
    string Id,
    string Day,
    string ProductId,
    int Orders = 0,
    long Quantity = 0,
    decimal Revenue = 0,
    int CancelledOrders = 0,
    long CancelledQuantity = 0,
    decimal CancelledRevenue = 0);
