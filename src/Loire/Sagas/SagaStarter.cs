using System.Text.Json;
using Loire.EventLog;
using Loire.Metrics;
using Loire.Serialization;
using Loire.Timers;

namespace Loire.Sagas;

/// <summary>
/// Starts sagas of one type without waiting for their grains: what starts a saga is the first append to its stream, and the log
/// decides who has made it. The grains are woken behind it; if one is not, its <c>wakeAt</c> sees to that.
/// </summary>
/// <param name="saga">The newest version of the saga's definition.</param>
/// <param name="sagas">The definitions.</param>
/// <param name="log">The log.</param>
/// <param name="catalog">Writes the events.</param>
/// <param name="appended">Told how many events were appended.</param>
/// <param name="metrics">Told what is on disk.</param>
/// <param name="waker">Wakes the grains.</param>
/// <param name="time">The time.</param>
internal sealed class SagaStarter(
    Saga saga,
    SagaRegistry sagas,
    IEventLog log,
    EventCatalog catalog,
    LoireMetrics appended,
    SagaMetrics metrics,
    Waker waker,
    TimeProvider time)
{
    private static readonly SagaState None = new();

    /// <summary>Starts a saga, if it has not been started before, and answers when that is on disk.</summary>
    /// <exception cref="InvalidOperationException">It can never run with this context.</exception>
    /// <exception cref="StoreUnavailableException">It is not known whether it has started.</exception>
    public async Task Start(string id, object context, SagaCause cause, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToElement(context, context.GetType(), LoireJson.Strict);
        var decision = SagaDecisions.Start(saga, None, json, cause, time.GetUtcNow());
        if (decision.Event is not { } started)
        {
            throw new InvalidOperationException($"{saga.Type} {id} does not start: {decision.Refusal?.Detail}");
        }

        await Append(new StreamName(saga.Type, id), SagaEntry.Of(None, started, by: null, sagas, time.GetUtcNow()));
        await waker.Wake(GrainId.Create(saga.Type, id), cancellation);
    }

    private async Task Append(StreamName stream, SagaEntry entry)
    {
        var codec = catalog.Codec(saga.Type);
        var events = entry.Events.Select(e => codec.Encode(e, entry.At, entry.Metadata)).ToArray();

        // A conflict means that it was started before.
        if (await log.Append(new AppendRequest(stream, ExpectedVersion: 0, events)) is AppendResult.Appended)
        {
            appended.Appended(saga.Type, events.Length);
            metrics.Recorded(stream, entry.Events, entry.At, entry.At);
        }
    }
}
