using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using Loire.Hosting;

namespace Commerce;

public static class CommerceRegistration
{
    /// <summary>Adds the reference domain: users, accounts, products, inventory, orders, payments, shipments.</summary>
    public static LoireBuilder AddCommerce(this LoireBuilder loire) => loire
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
        .AddQuery<ProductSearchHandler>()
        .AddSaga<OrderFulfillmentGrain, OrderFulfillment>();
}
