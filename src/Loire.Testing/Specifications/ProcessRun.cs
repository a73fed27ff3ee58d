using Loire.Aggregates;
using Loire.EventLog;
using Loire.Processes;
using Loire.Projections;

namespace Loire.Testing;

/// <summary>Runs a process without grains, by the same code that decides in a grain what comes next.</summary>
internal sealed class ProcessRun
{
    private readonly ProcessManager _process;
    private readonly string _id;
    private readonly ProcessRules _rules;
    private readonly Dictionary<StreamName, long> _versions = [];
    private long _position;

    /// <exception cref="SpecificationException">The definition is wrong.</exception>
    public ProcessRun(ProcessManager process, string id)
    {
        (_process, _id) = (process, id);
        _rules = new ProcessRules(process, id);
        if (ProcessDefinitionCheck.Find(process, isRegistered: _ => true) is { Count: > 0 } mistakes)
        {
            throw new Report($"The process {process.Type} is defined wrongly.").With("mistakes", mistakes).ToException();
        }
    }

    public ProcessState State { get; private set; } = new();

    /// <summary>What the process has recorded of itself.</summary>
    public List<ProcessEvent> Recorded { get; } = [];

    /// <summary>Why the last event was left to others, if it was.</summary>
    public string? Parked { get; private set; }

    /// <summary>An event of an aggregate happens.</summary>
    /// <exception cref="SpecificationException">It does not concern this process, or a handler throws.</exception>
    public void Happens(object @event, string? from, DateTimeOffset now)
    {
        Parked = null;
        var stream = HappenedEvent.StreamOf(@event, from ?? _id);
        var version = _versions[stream] = _versions.GetValueOrDefault(stream) + 1;
        var info = new EventInfo(stream.Id, stream.Aggregate, ++_position, version, Guid.Empty, now, EventMetadata.None);
        if (Concerns(@event, info) is var concerned && concerned != _id)
        {
            throw new SpecificationException($"{Named.Of(@event)} concerns {concerned ?? "nobody"} rather than {_process.Type} {_id}.");
        }

        var input = new ProcessInput(
            ProcessInputKind.Event, $"{stream.Aggregate}.{Named.Of(@event).Name}", info.EventId, stream.ToString(), version, _position);
        switch (Guarded(() => _rules.On(State, @event, info, input, now)))
        {
            case ProcessDecision.Record record:
                Record(record.Event);
                break;
            case ProcessDecision.Park park:
                Parked = park.Why;
                break;
            default:
                break;
        }
    }

    /// <summary>Time passes, and what is due comes at its time.</summary>
    public void Until(DateTimeOffset now)
    {
        Parked = null;
        while (State.Timers.FirstOrDefault(t => t.Due <= now) is { } due)
        {
            Record(Guarded(() => _rules.OnTimer(State, due, due.Due)));
        }
    }

    /// <summary>A command that the process has sent is rejected.</summary>
    /// <returns>Whether it had sent one of that type.</returns>
    public bool Rejects(Type command, Rejection rejection, DateTimeOffset now)
    {
        Parked = null;
        if (State.Outbox.Find(c => c.Command.Type == ProcessNames.Of(command)) is not { Command: var sent })
        {
            return false;
        }

        Record(new ProcessEvent.CommandRejected(sent.Number, rejection.Code, rejection.Detail));
        Record(new ProcessEvent.CommandWithdrawn(sent.Number));
        if (Guarded(() => _rules.OnRejected(State, sent, rejection, now)) is { } then)
        {
            Record(then);
        }

        return true;
    }

    private string? Concerns(object @event, EventInfo info) =>
        _process.Definition.Correlations.TryGetValue(@event.GetType(), out var concerned)
            ? Guarded(() => concerned(@event, info))
            : throw new SpecificationException($"The process {_process.Type} does not care for {Named.Of(@event).Name}.");

    private T Guarded<T>(Func<T> handle)
    {
        try
        {
            return handle();
        }
        catch (Exception e)
        {
            throw new SpecificationException($"The process {_process.Type} threw {e.GetType().Name}: {e.Message}", e);
        }
    }

    private void Record(ProcessEvent e)
    {
        Recorded.Add(e);
        State = State.Apply(e);
    }
}
