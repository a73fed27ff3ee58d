using Loire.Aggregates;
using Loire.Processes;

namespace Loire.Testing;

/// <summary>What a process is given: events that have happened, and time that has passed.</summary>
public sealed partial class ProcessSpecification
{
    private readonly ProcessRun _run;
    private readonly List<string> _story = [];
    private DateTimeOffset _now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private int _recordedBefore;

    /// <exception cref="SpecificationException">The definition is wrong; the message names every mistake.</exception>
    internal ProcessSpecification(ProcessManager process, string id) => _run = new ProcessRun(process, id);

    /// <summary>When what follows happens; noon on 1 January 2030, UTC, unless it is said. Timers that are due by then come first.</summary>
    public ProcessSpecification At(DateTimeOffset time)
    {
        _run.Until(time);
        _now = time;
        return this;
    }

    /// <summary>An event has happened.</summary>
    /// <param name="event">The event.</param>
    /// <param name="from">The id of its aggregate; the process's id if it is not given.</param>
    /// <exception cref="SpecificationException">It does not concern this process.</exception>
    public ProcessSpecification Given(object @event, string? from = null) =>
        Step($"given {Named.Of(@event)}", () => _run.Happens(@event, from, _now));

    /// <summary>Time has passed; what was due came at its time.</summary>
    public ProcessSpecification GivenPassed(TimeSpan time) => Step($"given {time} passed", () => Pass(time));

    /// <summary>An event happens.</summary>
    /// <inheritdoc cref="Given"/>
    public ProcessSpecification When(object @event, string? from = null)
    {
        Begin();
        return Step($"when {Named.Of(@event)}", () => _run.Happens(@event, from, _now));
    }

    /// <summary>Time passes; what is due comes at its time.</summary>
    public ProcessSpecification WhenPasses(TimeSpan time)
    {
        Begin();
        return Step($"when {time} passes", () => Pass(time));
    }

    /// <summary>A command of this type that the process has sent is rejected; all others are accepted.</summary>
    /// <exception cref="SpecificationException">It has sent none.</exception>
    public ProcessSpecification WhenRejected<TCommand>(string code, string detail = "")
    {
        Begin();
        return Step($"when {typeof(TCommand).Name} is rejected: {code}", () =>
        {
            if (!_run.Rejects(typeof(TCommand), new Rejection(code, detail), _now))
            {
                throw Failure("The process has sent no such command.", typeof(TCommand).Name).ToException();
            }
        });
    }

    private void Begin() => _recordedBefore = _run.Recorded.Count;

    private void Pass(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _run.Until(_now + time);
        _now += time;
    }

    private ProcessSpecification Step(string told, Action action)
    {
        _story.Add(told);
        action();
        return this;
    }
}
