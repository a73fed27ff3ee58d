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
        Named[] actual = [.. run.Answers.Sent.Skip(sentBefore).Select(Show)];
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

    /// <summary>The saga waits for the answer to a command of this step.</summary>
    /// <exception cref="SpecificationException">It has ended, or is at another step.</exception>
    public SagaSpecification ThenWaitsAt(string step) => run.Answers.Awaited is not null && run.State.CurrentStep == step
        ? this
        : throw Failure("The saga does not stand where it was expected.", $"waits at {step}").ToException();

    /// <summary>The saga has done all of its steps.</summary>
    /// <exception cref="SpecificationException">It has not.</exception>
    public SagaSpecification ThenCompleted() => run.State.Status == SagaStatus.Completed
        ? this
        : throw Failure("The saga does not stand where it was expected.", "completed").ToException();

    /// <summary>The saga has taken everything back.</summary>
    /// <param name="reason">Why, if that matters.</param>
    /// <exception cref="SpecificationException">It has not, or for another reason.</exception>
    public SagaSpecification ThenFailed(string? reason = null) =>
        run.State.Status == SagaStatus.Failed && (reason ?? run.State.Reason) == run.State.Reason
            ? this
            : throw Failure("The saga does not stand where it was expected.", reason is null ? "failed" : $"failed: {reason}").ToException();

    /// <summary>What the saga has recorded of itself since it was started, for what no other "then" says.</summary>
    public IReadOnlyList<SagaEvent> Recorded => run.Recorded;

    private SagaSpecification ThenSteps(string headline, IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        expected.SequenceEqual(actual) ? this : throw Failure(headline, expected).With("steps", actual).ToException();

    private IEnumerable<T> Since<T>()
        where T : SagaEvent =>
        run.Recorded.Skip(recordedBefore).OfType<T>();

    private static Named Show(SagaCommand sent) =>
        Named.Of(sent.Command).At($"{sent.Aggregate}/{sent.Id}");

    private Report Failure(string headline, params IEnumerable<object> expected) => new Report(headline)
        .With("story", story)
        .With("expected", expected)
        .With("sent", run.Answers.Sent.Skip(sentBefore).Select(Show))
        .With("stands", Standing());

    private string Standing() => (run.State.Status, run.Answers.Awaited) switch
    {
        (SagaStatus.None, _) => "not started",
        (_, { } awaited) => $"waits at {run.State.CurrentStep} for the answer to {Show(awaited.Command).Name}",
        (SagaStatus.Failed, _) => $"failed: {run.State.Reason}",
        var (status, _) => status.ToString().ToLowerInvariant(),
    };
}
