using System.Text.Json;
using Loire.Processes;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>What follows. What is sent, ignored and parked is what came since the last "when".</summary>
public sealed partial class ProcessSpecification
{
    /// <summary>What the process has recorded of itself, for what no "then" says.</summary>
    public IReadOnlyList<ProcessEvent> Recorded => _run.Recorded;

    /// <summary>The process sends exactly these commands, in this order.</summary>
    /// <exception cref="SpecificationException">It sends others.</exception>
    public ProcessSpecification ThenSends(params IReadOnlyList<(string Aggregate, string Id, object Command)> commands)
    {
        Named[] expected = [.. commands.Select(c => Show(c.Aggregate, c.Id, CommandCodec.NameOf(c.Command), CommandCodec.Encode(c.Command)))];
        Named[] actual = [.. Sent()];
        return Difference.Between("command", expected, actual) is not { } difference
            ? this
            : throw Failure("The commands are not those that were expected.", expected).With("difference", difference).ToException();
    }

    /// <summary>The process sends a command to an aggregate, and nothing else.</summary>
    /// <exception cref="SpecificationException">It does not.</exception>
    public ProcessSpecification ThenSends(string aggregate, string id, object command) => ThenSends((aggregate, id, command));

    /// <summary>The process sends nothing.</summary>
    /// <exception cref="SpecificationException">It sends something.</exception>
    public ProcessSpecification ThenSendsNothing() => ThenSends();

    /// <summary>The process runs and is in this state.</summary>
    /// <exception cref="SpecificationException">It is not.</exception>
    public ProcessSpecification ThenState(string state) => Stands(ProcessStatus.Running, state);

    /// <summary>The process has ended in this state.</summary>
    /// <exception cref="SpecificationException">It has not.</exception>
    public ProcessSpecification ThenEnds(string state) => Stands(ProcessStatus.Completed, state);

    /// <summary>The process has failed, on something that it declares to fail on.</summary>
    /// <exception cref="SpecificationException">It has not.</exception>
    public ProcessSpecification ThenFailed() => Stands(ProcessStatus.Failed, _run.State.State);

    /// <summary>The process has not started.</summary>
    /// <exception cref="SpecificationException">It has.</exception>
    public ProcessSpecification ThenNotStarted() => Stands(ProcessStatus.None, "");

    /// <summary>Nothing follows from what came; the process is where it was.</summary>
    /// <exception cref="SpecificationException">Something follows.</exception>
    public ProcessSpecification ThenIgnored() =>
        _run.Parked is null && _run.Recorded.Skip(_recordedBefore).All(e => e is ProcessEvent.Ignored)
            ? this
            : throw Failure("Something follows from it.", "ignored").ToException();

    /// <summary>The event is not for the process to decide.</summary>
    /// <exception cref="SpecificationException">The process has decided it.</exception>
    public ProcessSpecification ThenParked() => _run.Parked is not null
        ? this
        : throw Failure("The event is not parked.", "parked").ToException();

    /// <summary>The process has these timers set, and no others.</summary>
    /// <param name="timers">Name, and how long from now it is due.</param>
    /// <exception cref="SpecificationException">It has others.</exception>
    public ProcessSpecification ThenTimers(params IReadOnlyList<(string Name, TimeSpan In)> timers)
    {
        var expected = timers.OrderBy(t => t.In).Select(t => $"{t.Name} in {t.In}").ToList();
        var actual = _run.State.Timers.Select(t => $"{t.Name} in {t.Due - _now}").ToList();
        return expected.SequenceEqual(actual)
            ? this
            : throw Failure("The timers are not those that were expected.", expected).With("timers", actual).ToException();
    }

    /// <summary>The process remembers this.</summary>
    /// <exception cref="SpecificationException">It remembers something else.</exception>
    public ProcessSpecification ThenRemembers(object data)
    {
        var expected = JsonSerializer.SerializeToElement(data, data.GetType(), LoireJson.Stored);
        return Difference.Between("data", expected, _run.State.Data) is not { } difference
            ? this
            : throw Failure("The process remembers something else.", expected).With("difference", difference).ToException();
    }

    private ProcessSpecification Stands(ProcessStatus status, string state) =>
        (_run.State.Status, _run.State.State) == (status, state)
            ? this
            : throw Failure("The process does not stand where it was expected.", Text(status, state)).ToException();

    private IEnumerable<Named> Sent() =>
        from moved in _run.Recorded.Skip(_recordedBefore).OfType<ProcessEvent.Moved>()
        from command in moved.Commands
        select new Named($"{command.Aggregate}/{command.Id}: {command.Name}", command.Payload);

    private static Named Show(string aggregate, string id, string name, ReadOnlyMemory<byte> payload) =>
        new($"{aggregate}/{id}: {name}", JsonElement.Parse(payload.Span));

    private Report Failure(string headline, params IEnumerable<object> expected) => new Report(headline)
        .With("story", _story)
        .With("expected", expected)
        .With("sent", Sent())
        .With("stands", Text(_run.State.Status, _run.State.State));

    private string Text(ProcessStatus status, string state) => (status, _run.Parked) switch
    {
        (_, { } why) when status == _run.State.Status && state == _run.State.State => $"{state}; parked: {why}",
        (ProcessStatus.None, _) => "not started",
        (ProcessStatus.Running, _) => state,
        _ => $"{status.ToString().ToLowerInvariant()}: {state}",
    };
}
