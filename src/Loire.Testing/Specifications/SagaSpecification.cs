using System.Text.Json;
using Loire.Aggregates;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>
/// What a saga is given: events that have happened, steps that are done, and what aggregates answer. A command of which
/// nothing is said is waited for; commands that undo something are accepted unless it is said otherwise.
/// </summary>
public sealed partial class SagaSpecification
{
    private readonly SagaRun _run;
    private readonly List<string> _story = [];
    private int _sentBefore;
    private int _recordedBefore;

    internal SagaSpecification(Saga saga, string id) => _run = new SagaRun(saga, id);

    /// <summary>When the events that follow happen; noon on 1 January 2030, UTC, unless it is said.</summary>
    public SagaSpecification At(DateTimeOffset time)
    {
        _run.Now = time;
        return this;
    }

    /// <summary>An event has happened that starts or undoes the saga.</summary>
    /// <exception cref="SpecificationException">The saga does not care for it.</exception>
    public SagaSpecification Given(object @event) => Step($"given {Named.Of(@event)}", () => _run.Happens(@event));

    /// <summary>These steps have been done: each of their commands that waits for an answer has been accepted.</summary>
    /// <exception cref="SpecificationException">The saga is not at that step.</exception>
    public SagaSpecification GivenCompleted(params IReadOnlyList<string> steps)
    {
        foreach (var step in steps)
        {
            Step($"given {step} completed", () => Complete(step));
        }

        return this;
    }

    /// <summary>Every command of this type is accepted at once.</summary>
    /// <param name="events">The events that it leads to, where the saga cares for them.</param>
    /// <typeparam name="TCommand">The command's type.</typeparam>
    public SagaSpecification GivenAccepted<TCommand>(params IReadOnlyList<object> events) =>
        Step($"given {typeof(TCommand).Name} is accepted", () => _run.Answers.Accept(typeof(TCommand), events));

    /// <summary>Every command of this type is rejected at once.</summary>
    public SagaSpecification GivenRejected<TCommand>(string code, string detail = "") =>
        Step($"given {typeof(TCommand).Name} is rejected: {code}", () => _run.Answers.Reject(typeof(TCommand), new Rejection(code, detail)));

    /// <summary>Every command of which nothing else is said is accepted at once.</summary>
    public SagaSpecification GivenAllElseAccepted() => Step("given all else is accepted", () => _run.Answers.AcceptsAllElse = true);

    /// <summary>An event happens that starts or undoes the saga.</summary>
    /// <exception cref="SpecificationException">The saga does not care for it.</exception>
    public SagaSpecification When(object @event)
    {
        Begin();
        return Step($"when {Named.Of(@event)}", () => _run.Happens(@event));
    }

    /// <summary>The command that the saga waits for is accepted.</summary>
    /// <param name="events">The events that it leads to, where the saga cares for them.</param>
    /// <exception cref="SpecificationException">It waits for none.</exception>
    public SagaSpecification WhenAccepted(params IReadOnlyList<object> events)
    {
        Begin();
        return Step(Told("accepted"), () => Answer(rejection: null, events));
    }

    /// <summary>The command that the saga waits for is rejected.</summary>
    /// <exception cref="SpecificationException">It waits for none.</exception>
    public SagaSpecification WhenRejected(string code, string detail = "")
    {
        Begin();
        return Step(Told($"rejected: {code}"), () => Answer(new Rejection(code, detail), []));
    }

    /// <summary>A step that waits for an answer from outside has been done.</summary>
    /// <param name="step">The step.</param>
    /// <param name="data">What the answer brings; serialized as JSON.</param>
    /// <exception cref="SpecificationException">The step does not wait for one.</exception>
    public SagaSpecification WhenAnswered(string step, object? data = null)
    {
        Begin();
        var json = data is null ? (JsonElement?)null : JsonSerializer.SerializeToElement(data, data.GetType(), LoireJson.Strict);
        return Step($"when {step} is answered{(data is null ? "" : $" {json}")}", () => _run.IsTold(new StepAnswer(step, json)));
    }

    /// <summary>A step that waits for an answer from outside has failed.</summary>
    /// <exception cref="SpecificationException">The step does not wait for one.</exception>
    public SagaSpecification WhenAnsweredFailed(string step, string code, string reason = "")
    {
        Begin();
        return Step($"when {step} is answered: {code}", () => _run.IsTold(new StepAnswer(step, Failure: new CommandFailure(code, reason))));
    }

    /// <summary>Nothing happens for a while: time-outs and deadlines become due.</summary>
    public SagaSpecification WhenTimePasses(TimeSpan time)
    {
        Begin();
        return Step($"when {time} passes", () =>
        {
            _run.Now += time;
            _run.GoOn();
        });
    }

    private string Told(string answer) =>
        $"when {(_run.Answers.Awaited is { } awaited ? Named.Of(awaited.Command).Name : "no command")} is {answer}";

    private void Begin() => (_sentBefore, _recordedBefore) = (_run.Answers.Sent.Count, _run.Recorded.Count);

    private SagaSpecification Step(string told, Action action)
    {
        _story.Add(told);
        action();
        return this;
    }

    private void Complete(string step)
    {
        if (!_run.State.CurrentSteps.Contains(step) || !_run.State.IsForward)
        {
            throw Failure("The saga is not at that step.", step).ToException();
        }

        while (_run.Answers.Awaits(step))
        {
            _run.Answers.Give(rejection: null, [], step);
            _run.GoOn();
        }

        if (_run.State.StandingOf(step).Waits)
        {
            _run.IsTold(new StepAnswer(step));
        }
    }

    private void Answer(Rejection? rejection, IReadOnlyList<object> events)
    {
        if (_run.Answers.Awaited is null)
        {
            throw Failure("The saga is not waiting for an answer.", "a command that waits for an answer").ToException();
        }

        _run.Answers.Give(rejection, events);
        _run.GoOn();
    }
}
