using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.DeadLetters;
using Loire.Journaling;
using Loire.Monitoring;
using Loire.Projections;
using Loire.Queries;
using Loire.Reminders;
using Loire.Serialization;
using Loire.Snapshots;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.EventSourcing;

namespace Loire.Hosting;

/// <summary>Puts the platform into a silo.</summary>
public static class LoireHosting
{
    /// <summary>
    /// Adds aggregates, projections and sagas to a silo. The host has to register a store, that is an
    /// <see cref="EventLog.IEventLog"/> and an <see cref="EventLog.Views.IViewStore"/>.
    /// </summary>
    public static ISiloBuilder AddLoire(this ISiloBuilder silo, Action<LoireBuilder> configure)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<CommandOptions>()
            .Validate(o => o.ReceiptRetention >= TimeSpan.FromMinutes(1), "Commands:ReceiptRetention must be a minute or more.")
            .Validate(o => o.MaxAttempts >= 1, "Commands:MaxAttempts must be 1 or more.")
            .ValidateOnStart();
        services.AddOptions<SubscriptionOptions>()
            .Validate(o => o.RelayInterval > TimeSpan.Zero, "Subscriptions:RelayInterval must be more than zero.")
            .Validate(o => o.MaxRelayInterval >= o.RelayInterval, "Subscriptions:MaxRelayInterval must not be less than RelayInterval.")
            .Validate(o => o.Heartbeat > TimeSpan.Zero, "Subscriptions:Heartbeat must be more than zero.")
            .Validate(o => o.BatchSize is >= 1 and <= 10_000, "Subscriptions:BatchSize must be 1 to 10000.")
            .Validate(o => o.StuckAfter >= TimeSpan.FromSeconds(1), "Subscriptions:StuckAfter must be 1 second or more.")
            .Validate(o => o.ReportInterval > TimeSpan.Zero, "Subscriptions:ReportInterval must be more than zero.")
            .Validate(
                o => o.DeadAfter >= 3 * (o.Heartbeat + o.ReportInterval),
                "Subscriptions:DeadAfter must be three times Heartbeat and ReportInterval together, or more.")
            .Validate(o => o.DeadLetterAlert >= 1, "Subscriptions:DeadLetterAlert must be 1 or more.")
            .Validate(o => o.DeadLetterAlertPerMinute >= 1, "Subscriptions:DeadLetterAlertPerMinute must be 1 or more.")
            .Validate(o => o.RetrySlice > TimeSpan.Zero, "Subscriptions:RetrySlice must be more than zero.")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SubscriptionOptions>, FailurePolicyCheck>();
        services.AddSingleton<IValidateOptions<SnapshotOptions>, SnapshotOptionsCheck>();
        services.AddKeyedSingleton<ILogViewAdaptorFactory, JournalFactory>(Journals.Provider);
        services.AddSingleton<EventCatalog>();
        services.AddSingleton<AggregateRegistry>();
        services.AddSingleton(sp => new AggregateReader(sp.GetRequiredService<IEventLog>(), sp.GetRequiredService<SnapshotRegistry>()));
        services.AddSingleton<SubscriptionRegistry>();
        services.AddSingleton<DeadLetterCounts>();
        services.AddSingleton<DeadLetterOperations>();
        services.AddSingleton<CommandSender>();
        services.AddSingleton<SubscriptionStarts>();
        services.AddHostedService(sp => sp.GetRequiredService<SubscriptionStarts>());
        services.AddMonitoring();
        services.AddViews();
        services.AddHostedService<QueryCheck>();
        services.AddSingleton<HostStop>();
        services.AddSingleton<SnapshotWriter>();
        services.AddHostedService(sp => sp.GetRequiredService<SnapshotWriter>());
        services.AddSingleton<SnapshotRegistry>();
        services.AddHostedService(sp => sp.GetRequiredService<SnapshotRegistry>());
        services.AddOptions<RebuildOptions>()
            .Validate(o => o.PageSize is >= 1 and <= 50_000, "Rebuilds:PageSize must be 1 to 50000.")
            .Validate(o => o.PageSizeBesideOthers is >= 1 and <= 50_000, "Rebuilds:PageSizeBesideOthers must be 1 to 50000.")
            .Validate(o => o.MaxDocuments >= 1_000, "Rebuilds:MaxDocuments must be 1000 or more.")
            .Validate(o => o.MaxBytes >= 1 << 20, "Rebuilds:MaxBytes must be 1048576 or more.")
            .Validate(o => o.MaxEventsPerSecond >= 0, "Rebuilds:MaxEventsPerSecond must be 0 or more.")
            .Validate(o => o.Courtesy is >= 0 and <= 100, "Rebuilds:Courtesy must be 0 to 100.")
            .Validate(o => o.AuditEventsPerSecond >= 0, "Rebuilds:AuditEventsPerSecond must be 0 or more.")
            .Validate(o => o.Grace >= TimeSpan.FromSeconds(2), "Rebuilds:Grace must be 2 seconds or more.")
            .Validate(o => o.LookEvery > TimeSpan.Zero, "Rebuilds:LookEvery must be more than zero.")
            .Validate(o => o.MaxAttempts >= 1, "Rebuilds:MaxAttempts must be 1 or more.")
            .ValidateOnStart();
        services.AddHostedService<RebuildKeeper>();
        services.AddSingleton<RelayKeeper>();
        services.AddHostedService(sp => sp.GetRequiredService<RelayKeeper>());
        services.TryAddSingleton<IReminderTable, StoredReminderTable>();
        silo.AddReminders();
        silo.AddMemoryStreams(SubscriptionBatch.StreamProvider);
        configure(new LoireBuilder(services));
        return silo;
    }
}
