using Loire.Aggregates;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing;

/// <summary>What was registered, as all silos of a cluster have it: kept, for the silo that it was taken from may be killed.</summary>
internal sealed record Registered(EventCatalog Events, AggregateRegistry Aggregates, ViewRegistry Views, SubscriptionRegistry Subscriptions)
{
    public static Registered In(IServiceProvider silo) => new(
        silo.GetRequiredService<EventCatalog>(),
        silo.GetRequiredService<AggregateRegistry>(),
        silo.GetRequiredService<ViewRegistry>(),
        silo.GetRequiredService<SubscriptionRegistry>());
}
