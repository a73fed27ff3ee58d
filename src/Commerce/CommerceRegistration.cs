using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Orders.Choreography;
using Commerce.Payments;
using Commerce.Payments.Processing;
using Commerce.Products;
using Commerce.Shipments;
using Commerce.Users;
using Loire.Hosting;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
        .AddSaga<UserOnboardingGrain, UserOnboarding>()
        .AddCardPayments()
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

    private static LoireBuilder AddCardPayments(this LoireBuilder loire)
    {
        loire.Services.TryAddSingleton<IPaymentProvider>(sp => new SimulatedPaymentProvider(
            sp.GetRequiredService<IGrainFactory>(),
            sp.GetService<TimeProvider>() ?? TimeProvider.System,
            sp.GetService<ILogger<SimulatedPaymentProvider>>() ?? NullLogger<SimulatedPaymentProvider>.Instance));

        // The provider tells repetitions, so nothing is lost by taking everything to it that was ever asked.
        return loire
            .AddAggregate<CardPaymentGrain, CardPaymentDecider>()
            .AddReactor<PaymentDesk>(o => o.StartFrom = StartFrom.Beginning)
            .AddSaga<PaymentProcessingGrain, PaymentProcessing>();
    }

    private static LoireBuilder AddFulfillmentSaga(this LoireBuilder loire) => loire
        .AddSaga<OrderFulfillmentGrain, OrderFulfillment>();

    private static LoireBuilder AddFulfillmentChoreography(this LoireBuilder loire)
    {
        loire.Services.AddSingleton<OrderBook>();
        return loire.AddReactor<StockKeeping>().AddReactor<Charging>().AddReactor<Shipping>().AddReactor<Confirming>();
    }
}
