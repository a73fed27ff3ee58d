using Loire.DeadLetters;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Projections;

/// <summary>What a rebuild does about events that cannot be handled: what the view's subscription would do.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Policy">Its policy. A fold depends on nothing but the events, so the first failure of an event is its last.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where it is told.</param>
internal sealed record FillFailures(SubscriptionDefinition Subscription, FailurePolicy Policy, TimeProvider Time, ILogger Logger)
{
    public static FillFailures Of(
        Projection projection, SubscriptionRegistry registry, SubscriptionOptions options, TimeProvider time, ILogger logger)
    {
        var subscription = registry.Get(projection.View.StoreName);
        return new FillFailures(subscription, (subscription.Failures ?? options.Failures) with { MaxAttempts = 1 }, time, logger);
    }

    public static FillFailures Of(Projection projection, IServiceProvider services) => Of(
        projection,
        services.GetRequiredService<SubscriptionRegistry>(),
        services.GetRequiredService<IOptions<SubscriptionOptions>>().Value,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<ProjectionHandler>>());

    /// <summary>Somebody has looked at what fails, and says that it goes on whatever share of the events that is.</summary>
    public FillFailures Accepted() => this with { Policy = Policy with { MaxFailingShare = 1 } };
}
