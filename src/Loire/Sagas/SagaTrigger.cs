using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Metrics;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Sagas;

/// <summary>Starts sagas, and has them undone, when the events happen that they name. Both are harmless when repeated.</summary>
internal sealed partial class SagaTrigger(Saga saga, EventCatalog catalog, SagaStarter starter, IGrainFactory grains, ILogger logger)
    : ISubscriptionHandler
{
    public static SubscriptionDefinition Subscribe(Saga saga, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<EventCatalog>();
        return new SubscriptionDefinition(
            $"{saga.Type}-trigger",
            Kind: "saga-trigger",
            Partitions: 1,
            new LogFilter { Types = [.. saga.Starts.Keys.Concat(saga.Compensations.Keys).SelectMany(catalog.NamesOf)] },
            () => Of(saga, catalog, services))
        {
            IsNeeded = saga.Starts.Count + saga.Compensations.Count > 0,
        };
    }

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        await Task.WhenAll(events.GroupBy(e => e.Stream).Select(ofOne => HandleInOrder(ofOne, cancellation)));
        return [];
    }

    public void Committed()
    {
        // Sagas record by themselves what they were told.
    }

    private static SagaTrigger Of(Saga saga, EventCatalog catalog, IServiceProvider services)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<SagaTrigger>>();
        var waker = new Waker(
            grains, time, services.GetRequiredService<HostStop>(), services.GetRequiredService<IOptions<TimerOptions>>().Value, logger);
        var starter = new SagaStarter(
            saga,
            services.GetRequiredService<SagaRegistry>(),
            services.GetRequiredService<IEventLog>(),
            catalog,
            services.GetRequiredService<LoireMetrics>(),
            services.GetRequiredService<SagaMetrics>(),
            waker,
            time);
        return new SagaTrigger(saga, catalog, starter, grains, logger);
    }

    private async Task HandleInOrder(IEnumerable<RecordedEvent> events, CancellationToken cancellation)
    {
        foreach (var recorded in events)
        {
            try
            {
                await Handle(recorded, cancellation);
            }
            catch (Exception failure) when (!Outage.Explains(failure))
            {
                throw new EventFailedException(recorded, failure);
            }
        }
    }

    private async Task Handle(RecordedEvent recorded, CancellationToken cancellation)
    {
        var e = catalog.Decode(recorded);
        if (saga.Starts.TryGetValue(e.GetType(), out var start))
        {
            await starter.Start(recorded.Stream.Id, start(e, EventInfo.Of(recorded)), SagaCause.Of(recorded), cancellation);
            return;
        }

        var grain = grains.GetGrain<ISagaGrain>(GrainId.Create(saga.Type, recorded.Stream.Id));
        var reply = await grain.Compensate(saga.Compensations[e.GetType()](e), SagaCause.Of(recorded));
        if (reply.Refusal is { } refusal)
        {
            LogRefused(saga.Type, recorded.Stream.Id, recorded.Type, recorded.Position, refusal.Detail);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Saga} {Id} is not undone by {Event} at position {Position}: {Why}")]
    private partial void LogRefused(string saga, string id, string @event, long position, string why);
}
