using Loire.Sagas;

namespace Loire.Testing;

/// <summary>What follows. Every "then" speaks of what came since the last "when", and throws when it does not hold.</summary>
public sealed partial class SagaSpecification
{
    /// <summary>The saga sends exactly these commands, in this order.</summary>
    /// <exception cref="SpecificationException">It sends others.</exception>
    public SagaSpecification ThenSends(params IReadOnlyList<SagaCommand> commands)
    {
        Named[] expected = [.. commands.Select(Show)];
        Named[] actual = [.. _run.Answers.Sent.Skip(_sentBefore).Select(Show)];
        return Difference.Between("command", expected, actual) is not { } difference
            ? this
            : throw Failure("The commands are not those that were expected.", expected).With("difference", difference).ToException();
    }

    /// <summary>The saga sends a command to an aggregate, and nothing else.</summary>
    /// <exception cref="SpecificationException">It does not.</exception>
    public SagaSpecification ThenSends(string aggregate, string id, object command) => ThenSends(new SagaCommand(aggregate, id, command));

    /// <summary>The saga sends nothing.</summary>
    /// <exception cref="SpecificationException">It sends something.</exception>
    public SagaSpecification ThenSendsNothing() => ThenSends();

    /// <summary>The saga has done these steps, in this order.</summary>
    /// <exception cref="SpecificationException">It has done others.</exception>
    public SagaSpecification ThenCompletes(params IReadOnlyList<string> steps) =>
        ThenSteps("The steps are not those that were expected.", steps, [.. Since<SagaEvent.StepCompleted>().Select(e => e.Step)]);

    /// <summary>The saga has taken these steps back, in this order.</summary>
    /// <exception cref="SpecificationException">It has taken others back.</exception>
    public SagaSpecification ThenCompensates(params IReadOnlyList<string> steps) =>
        ThenSteps("The compensated steps are not those that were expected.", steps, [.. Since<SagaEvent.StepCompensated>().Select(e => e.Step)]);

    /// <summary>The saga waits at this step: for the answer to a command, or for one from outside.</summary>
    /// <exception cref="SpecificationException">It has ended, or is at another step.</exception>
    public SagaSpecification ThenWaitsAt(string step) => _run.Answers.Awaits(step) || (_run.State.IsForward && _run.State.StandingOf(step).Waits)
        ? this
        : throw Failure("The saga does not stand where it was expected.", $"waits at {step}").ToException();

    /// <summary>The saga has done all of its steps.</summary>
    /// <exception cref="SpecificationException">It has not.</exception>
    public SagaSpecification ThenCompleted() => _run.State.Status == SagaStatus.Completed
        ? this
        : throw Failure("The saga does not stand where it was expected.", "completed").ToException();

    /// <summary>The saga has taken everything back.</summary>
    /// <param name="reason">Why, if that matters.</param>
    /// <exception cref="SpecificationException">It has not, or for another reason.</exception>
    public SagaSpecification ThenFailed(string? reason = null) =>
        _run.State.Status == SagaStatus.Failed && (reason ?? _run.State.Reason) == _run.State.Reason
            ? this
            : throw Failure("The saga does not stand where it was expected.", reason is null ? "failed" : $"failed: {reason}").ToException();

    /// <summary>The saga cannot go on at this step without somebody's help.</summary>
    /// <exception cref="SpecificationException">It can.</exception>
    public SagaSpecification ThenStuck(string step, string? code = null) =>
        _run.State.StandingOf(step) is { Stuck: true } standing && (code ?? standing.Code) == standing.Code
            ? this
            : throw Failure("The saga does not stand where it was expected.", $"stuck at {step}").ToException();

    /// <summary>These commands are left to be done by hand: <c>payment/o-1: refund</c>.</summary>
    /// <exception cref="SpecificationException">Others are, or none.</exception>
    public SagaSpecification ThenOpenWork(params IReadOnlyList<string> commands) => _run.State.OpenWork.Select(w => w.Command).SequenceEqual(commands)
        ? this
        : throw Failure("The open work is not what was expected.", commands).With("open", _run.State.OpenWork.Select(w => w.Command)).ToException();

    /// <summary>What the saga has recorded of itself since it was started, for what no other "then" says.</summary>
    public IReadOnlyList<SagaEvent> Recorded => _run.Recorded;

    private SagaSpecification ThenSteps(string headline, IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        expected.SequenceEqual(actual) ? this : throw Failure(headline, expected).With("steps", actual).ToException();

    private IEnumerable<T> Since<T>()
        where T : SagaEvent =>
        _run.Recorded.Skip(_recordedBefore).OfType<T>();

    private static Named Show(SagaCommand sent) =>
        Named.Of(sent.Command).At($"{sent.Aggregate}/{sent.Id}");

    private Report Failure(string headline, params IEnumerable<object> expected) => new Report(headline)
        .With("story", _story)
        .With("expected", expected)
        .With("sent", _run.Answers.Sent.Skip(_sentBefore).Select(Show))
        .With("stands", Standing());

    private string Standing() => (_run.State.Status, _run.Answers.Awaited) switch
    {
        (SagaStatus.None, _) => "not started",
        (_, { } awaited) => $"waits at {_run.State.CurrentStep} for the answer to {Show(awaited).Name}",
        (SagaStatus.Started or SagaStatus.Running, _) when _run.State.CurrentSteps.Any(s => _run.State.StandingOf(s).Waits) =>
            $"waits at {_run.State.CurrentStep} for an answer from outside",
        (SagaStatus.Failed, _) => $"failed: {_run.State.Reason}",
        var (status, _) => status.ToString().ToLowerInvariant(),
    };
}
