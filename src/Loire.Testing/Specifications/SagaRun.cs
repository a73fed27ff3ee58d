using System.Text.Json;
using Loire.EventLog;
using Loire.Projections;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>Runs a saga's definition without grains, by the same code that decides in a grain what comes next.</summary>
internal sealed class SagaRun(Saga saga, string id)
{
    private readonly SpecifiedTime _time = new();

    public SagaState State { get; private set; } = new();

    public SagaAnswers Answers { get; } = new();

    /// <summary>What the saga has recorded of itself.</summary>
    public List<SagaEvent> Recorded { get; } = [];

    /// <summary>When it is; it moves by itself over the pauses between two attempts.</summary>
    public DateTimeOffset Now
    {
        get => _time.Now;
        set => _time.Now = value;
    }

    /// <summary>An event of an aggregate happens, and the saga goes on as far as answers are known.</summary>
    public void Happens(object @event)
    {
        if (saga.Starts.TryGetValue(@event.GetType(), out var start))
        {
            var context = start(@event, Info(@event));
            var json = JsonSerializer.SerializeToElement(context, context.GetType(), LoireJson.Strict);
            Record(SagaDecisions.Start(saga, State, json, SagaCause.Unknown, Now));
        }
        else if (saga.Compensations.TryGetValue(@event.GetType(), out var reason))
        {
            Record(SagaDecisions.Compensate(State, reason(@event)));
        }
        else
        {
            throw new SpecificationException($"The saga {saga.Type} neither starts on {Named.Of(@event).Name} nor is undone by it.");
        }

        GoOn();
    }

    /// <summary>Somebody outside answers a step that waits for it.</summary>
    /// <exception cref="SpecificationException">The step does not wait for an answer.</exception>
    public void IsTold(StepAnswer answer)
    {
        var decision = SagaDecisions.Answer(saga, State, id, answer, Now);
        if (decision.Refusal is { } refusal)
        {
            throw new SpecificationException($"The saga {saga.Type} refuses the answer ({refusal.Code}): {refusal.Detail}");
        }

        Record(decision);
        GoOn();
    }

    /// <summary>Goes on until the saga ends, is stuck, or waits for an answer.</summary>
    /// <exception cref="SpecificationException">The saga throws.</exception>
    public void GoOn()
    {
        while (Step())
        {
            // What comes next is decided anew after each event.
        }
    }

    /// <returns>Whether anything was done.</returns>
    private bool Step()
    {
        var plan = SagaPlanner.Next(saga, State, Now);
        foreach (var move in plan.Moves)
        {
            if (!Answers.Awaits(move.Step) && Make(move) is { } e)
            {
                Record(e);
                return true;
            }
        }

        var again = State.Pending.Where(p => p is { Stuck: false, Waits: false } && p.RetryAt > Now).Min(p => p.RetryAt);
        Now = again ?? Now;
        return again is not null;
    }

    private SagaEvent? Make(SagaMove move)
    {
        var made = new SagaProgress(saga, State, id, Answers, _time).Make(move);
        return made.IsCompletedSuccessfully ? made.GetAwaiter().GetResult()
            : made.Exception?.InnerException is { } failure and not SagaAnswers.AwaitsAnswer
                ? throw new SpecificationException($"The saga {saga.Type} threw {failure.GetType().Name}: {failure.Message}", failure)
                : null;
    }

    private void Record(SagaDecision decision)
    {
        if (decision.Event is { } e)
        {
            Record(e);
        }
    }

    private void Record(SagaEvent e)
    {
        Recorded.Add(e);
        State = State.Apply(e);
        if (State.Status == SagaStatus.Compensating)
        {
            Answers.Abandon();
        }
    }

    private EventInfo Info(object @event)
    {
        var stream = HappenedEvent.StreamOf(@event, id);
        return new EventInfo(id, stream.Aggregate, Position: 1, Version: 1, Guid.Empty, Now, EventMetadata.None);
    }

    private sealed class SpecifiedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
