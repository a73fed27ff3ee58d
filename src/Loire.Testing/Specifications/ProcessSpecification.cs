using Loire.Aggregates;
using Loire.Processes;

namespace Loire.Testing;

/// <summary>What a process is given: events that have happened, and time that has passed.</summary>
public sealed partial class ProcessSpecification
{
    private readonly ProcessRun run;
    private readonly List<string> story = [];
    private DateTimeOffset now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private int recordedBefore;

    /// <exception cref="SpecificationException">The definition is wrong; the message names every mistake.</exception>
    internal ProcessSpecification(ProcessManager process, string id) => run = new ProcessRun(process, id);

    /// <summary>When what follows happens; noon on 1 January 2030, UTC, unless it is said. Timers that are due by then come first.</summary>
    public ProcessSpecification At(DateTimeOffset time)
    {
        run.Until(time);
        now = time;
        return this;
    }

    /// <summary>An event has happened.</summary>
    /// <param name="event">The event.</param>
    /// <param name="from">The id of its aggregate; the process's id if it is not given.</param>
    /// <exception cref="SpecificationException">It does not concern this process.</exception>
    public ProcessSpecification Given(object @event, string? from = null) =>
        Step($"given {Named.Of(@event)}", () => run.Happens(@event, from, now));

    /// <summary>Time has passed; what was due came at its time.</summary>
    public ProcessSpecification GivenPassed(TimeSpan time) => Step($"given {time} passed", () => Pass(time));

    /// <summary>An event happens.</summary>
    /// <inheritdoc cref="Given"/>
    public ProcessSpecification When(object @event, string? from = null)
    {
        Begin();
        return Step($"when {Named.Of(@event)}", () => run.Happens(@event, from, now));
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
            if (!run.Rejects(typeof(TCommand), new Rejection(code, detail), now))
            {
                throw Failure("The process has sent no such command.", typeof(TCommand).Name).ToException();
            }
        });
    }

    private void Begin() => recordedBefore = run.Recorded.Count;

    private void Pass(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        run.Until(now + time);
        now += time;
    }

    private ProcessSpecification Step(string told, Action action)
    {
        story.Add(told);
        action();
        return this;
    }
}
