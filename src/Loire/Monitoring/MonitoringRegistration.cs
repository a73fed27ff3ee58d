using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Metrics;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Monitoring;

internal static class MonitoringRegistration
{
    public static void AddMonitoring(this IServiceCollection services)
    {
        services.AddSingleton<SubscriptionMonitor>();
        services.AddHostedService(sp => sp.GetRequiredService<SubscriptionMonitor>());
        services.AddSingleton<LoireMetrics>();
        services.AddHostedService<SubscriptionMetrics>();
        services.AddHostedService<DeadLetterMetrics>();
        services.AddSingleton(sp => new SubscriptionOverview(
            sp.GetRequiredService<SubscriptionRegistry>(),
            sp.GetRequiredService<SubscriptionStarts>(),
            sp.GetRequiredService<IGrainFactory>(),
            sp.GetRequiredService<IEventLog>(),
            sp.GetRequiredService<IViewStore>(),
            sp.GetRequiredService<TimeProvider>(),
            sp.GetRequiredService<IOptions<SubscriptionOptions>>(),
            sp.GetRequiredService<ILogger<SubscriptionOverview>>()));
    }
}
