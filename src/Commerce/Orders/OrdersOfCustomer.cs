using Commerce.Users;
using Loire.Commands;
using Loire.Queries;

namespace Commerce.Orders;

/// <summary>What a customer has ordered, the newest first.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Status">Only orders in this state.</param>
/// <param name="Limit">1 to 100 orders.</param>
/// <param name="Cursor"><c>next</c> of the orders before.</param>
public sealed record OrdersOfCustomer(string CustomerId, OrderStatus? Status = null, int Limit = 20, string? Cursor = null)
    : IQuery<CustomerOrders>, IValidated
{
    public void Validate(Validation validation)
    {
        validation.Id(CustomerId);
        validation.Require(Limit is >= 1 and <= 100, "limit", "A whole number from 1 to 100 is needed.");
    }
}

/// <param name="CustomerId">The customer.</param>
/// <param name="CustomerName">As it is now; empty when nobody has registered.</param>
/// <param name="Orders">A page of orders.</param>
public sealed record CustomerOrders(string CustomerId, string CustomerName, Page<OrderView> Orders);

public sealed class OrdersOfCustomerHandler : IQueryHandler<OrdersOfCustomer, CustomerOrders>
{
    public IReadOnlyList<Type> Reads { get; } = [typeof(UserView), typeof(OrderView)];

    public async Task<CustomerOrders?> Answer(OrdersOfCustomer query, IViews views, CancellationToken cancellation)
    {
        var customer = await views.Find<UserView>(query.CustomerId);
        var orders = await views.Query<OrderView>(orders =>
        {
            var theirs = orders.Where(nameof(OrderView.CustomerId), query.CustomerId);
            theirs = query.Status is { } status ? theirs.Where(nameof(OrderView.Status), status) : theirs;
            return theirs.OrderByDescending(nameof(OrderView.PlacedAt)).Page(query.Limit, query.Cursor);
        });
        return customer is null && orders.Total == 0 ? null : new CustomerOrders(query.CustomerId, customer?.Name ?? "", orders);
    }
}
