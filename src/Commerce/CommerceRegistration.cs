using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Orders.Choreography;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using Loire.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Commerce;

/// <summary>Who takes an order from its placement to its confirmation, or back again. Both end in the same state.</summary>
public enum Fulfillment
{
    /// <summary>The saga <see cref="OrderFulfillment"/> tells everybody what to do.</summary>
    Saga,

    /// <summary>Nobody does: stock, payment and shipment react to each other's events.</summary>
    Choreography,
}

public static class CommerceRegistration
{
    /// <summary>Adds the reference domain: users, accounts, products, inventory, orders, payments, shipments.</summary>
    /// <param name="loire">Where it is added.</param>
    /// <param name="fulfillment">Who sees to it that what is ordered is delivered.</param>
    public static LoireBuilder AddCommerce(this LoireBuilder loire, Fulfillment fulfillment = Fulfillment.Saga) =>
        fulfillment == Fulfillment.Saga ? loire.AddDomain().AddFulfillmentSaga() : loire.AddDomain().AddFulfillmentChoreography();

    private static LoireBuilder AddDomain(this LoireBuilder loire) => loire
        .AddAggregate<UserGrain, UserDecider>()
        .AddAggregate<AccountGrain, AccountDecider>()
        .AddAggregate<ProductGrain, ProductDecider>()
        .AddAggregate<InventoryGrain, InventoryDecider>()
        .AddAggregate<OrderGrain, OrderDecider>()
        .AddAggregate<PaymentGrain, PaymentDecider>()
        .AddAggregate<ShipmentGrain, ShipmentDecider>()
        .AddProjection<UsersView>()
        .AddProjection<AccountsView>()
        .AddProjection<ProductsView>()
        .AddProjection<InventoryView>()
        .AddProjection<OrdersView>()
        .AddProjection<OrderStatisticsView>()
        .AddQuery<OrdersOfCustomerHandler>()
        .AddQuery<ProductSearchHandler>();

    private static LoireBuilder AddFulfillmentSaga(this LoireBuilder loire) => loire
        .AddSaga<OrderFulfillmentGrain, OrderFulfillment>();

    private static LoireBuilder AddFulfillmentChoreography(this LoireBuilder loire)
    {
        loire.Services.AddSingleton<OrderBook>();
        return loire.AddReactor<StockKeeping>().AddReactor<Charging>().AddReactor<Shipping>().AddReactor<Confirming>();
    }
}
