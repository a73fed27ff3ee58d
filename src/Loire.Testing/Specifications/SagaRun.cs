using System.Text.Json;
using Loire.EventLog;
using Loire.Projections;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>Runs a saga's definition without grains, by the same code that decides in a grain what comes next.</summary>
internal sealed class SagaRun(Saga saga, string id)
{
    private object? context;

    public SagaState State { get; private set; } = new();

    public SagaAnswers Answers { get; } = new();

    /// <summary>What the saga has recorded of itself.</summary>
    public List<SagaEvent> Recorded { get; } = [];

    /// <summary>An event of an aggregate happens, and the saga goes on as far as answers are known.</summary>
    public void Happens(object @event, DateTimeOffset now)
    {
        if (saga.Starts.TryGetValue(@event.GetType(), out var start))
        {
            Start(start(@event, Info(@event, now)));
        }
        else if (saga.Compensations.TryGetValue(@event.GetType(), out var reason))
        {
            Undo(reason(@event));
        }
        else
        {
            throw new SpecificationException($"The saga {saga.Type} neither starts on {Named.Of(@event).Name} nor is undone by it.");
        }

        GoOn();
    }

    /// <summary>Goes on until the saga ends or waits for an answer.</summary>
    /// <exception cref="SpecificationException">The saga throws.</exception>
    public void GoOn()
    {
        while (!State.Ended && Answers.Awaited is null)
        {
            var next = SagaProgress.Next(saga, State, context!, Answers);
            if (next.IsCompletedSuccessfully)
            {
                Record(next.GetAwaiter().GetResult());
            }
            else if (next.Exception?.InnerException is { } failure and not SagaAnswers.AwaitsAnswer)
            {
                throw new SpecificationException($"The saga {saga.Type} threw {failure.GetType().Name}: {failure.Message}", failure);
            }
        }
    }

    private void Start(object made)
    {
        if (State.Status != SagaStatus.None)
        {
            return;
        }

        var json = JsonSerializer.SerializeToElement(made, made.GetType(), LoireJson.Strict);
        context = saga.ReadContext(JsonSerializer.SerializeToUtf8Bytes(json));
        Record(new SagaEvent.Started(saga.Type, [.. saga.Steps.Select(s => s.Name)], json, SagaCause.Unknown));
    }

    private void Undo(string reason)
    {
        if (State.CanBeUndone)
        {
            Answers.Abandon();
            Record(new SagaEvent.CompensationRequested(reason));
        }
    }

    private void Record(SagaEvent e)
    {
        Recorded.Add(e);
        State = State.Apply(e);
    }

    private EventInfo Info(object @event, DateTimeOffset now)
    {
        var stream = HappenedEvent.StreamOf(@event, id);
        return new EventInfo(id, stream.Aggregate, Position: 1, Version: 1, Guid.Empty, now, EventMetadata.None);
    }
}
