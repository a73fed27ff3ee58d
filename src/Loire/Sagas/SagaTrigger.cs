using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>Starts sagas, and has them undone, when the events happen that they name. Both are harmless when repeated.</summary>
internal sealed partial class SagaTrigger(Saga saga, EventCatalog catalog, IGrainFactory grains, ILogger logger) : ISubscriptionHandler
{
    public static SubscriptionDefinition Subscribe(
        Saga saga, EventCatalog catalog, IGrainFactory grains, Func<ILogger<SagaTrigger>> logger) => new(
        $"{saga.Type}-trigger",
        Kind: "saga-trigger",
        Partitions: 1,
        new LogFilter { Types = [.. saga.Starts.Keys.Concat(saga.Compensations.Keys).SelectMany(catalog.NamesOf)] },
        () => new SagaTrigger(saga, catalog, grains, logger()))
    {
        DeclaredBy = saga.GetType().Name,
        IsNeeded = saga.Starts.Count + saga.Compensations.Count > 0,
    };

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        await Task.WhenAll(events.GroupBy(e => e.Stream).Select(HandleInOrder));
        return [];
    }

    public void Committed()
    {
        // Sagas record by themselves what they were told.
    }

    private async Task HandleInOrder(IEnumerable<RecordedEvent> events)
    {
        foreach (var recorded in events)
        {
            await Handle(recorded);
        }
    }

    private async Task Handle(RecordedEvent recorded)
    {
        var e = catalog.Decode(recorded);
        var grain = grains.GetGrain<ISagaGrain>(GrainId.Create(saga.Type, recorded.Stream.Id));
        if (saga.Starts.TryGetValue(e.GetType(), out var start))
        {
            var context = start(e, EventInfo.Of(recorded));
            var started = await grain.Start(JsonSerializer.SerializeToUtf8Bytes(context, context.GetType(), LoireJson.Strict), SagaCause.Of(recorded));
            if (started.Refusal is { } wrong)
            {
                throw new InvalidOperationException($"{saga.Type} {recorded.Stream.Id} does not start: {wrong.Detail}");
            }

            return;
        }

        var reply = await grain.Compensate(saga.Compensations[e.GetType()](e), SagaCause.Of(recorded));
        if (reply.Refusal is { } refusal)
        {
            LogRefused(saga.Type, recorded.Stream.Id, recorded.Type, recorded.Position, refusal.Detail);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Saga} {Id} is not undone by {Event} at position {Position}: {Why}")]
    private partial void LogRefused(string saga, string id, string @event, long position, string why);
}
