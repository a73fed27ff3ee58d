using System.Collections.Immutable;
using System.Text.Json;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.Projections;
using Loire.Serialization;

namespace Loire.Processes;

/// <summary>Decides what a process does next, by its definition and nothing else: no grain, no clock, no store.</summary>
internal sealed class ProcessRules(ProcessManager process, string id)
{
    private readonly ProcessDefinition _definition = process.Definition;

    /// <summary>An event comes that the process has not seen.</summary>
    public ProcessDecision On(ProcessState state, object e, EventInfo info, ProcessInput input, DateTimeOffset now)
    {
        var moment = new ProcessMoment(id, now, state.State, info);
        var cause = info.Metadata with { CausationId = info.EventId.ToString() };
        if (state.Status == ProcessStatus.None)
        {
            return _definition.Starts.TryGetValue(e.GetType(), out var start)
                ? Move(state, start, moment, e, input, cause)
                : Declared(_definition.BeforeStart, state, input);
        }

        if (state.Status != ProcessStatus.Running)
        {
            return Declared(_definition.AfterEnd, state, input);
        }

        if (info.Position < state.StartedAt && _definition.BeforeStart == Unexpected.Ignore)
        {
            // It was ignored when it came for the first time, and that has left no trace.
            return new ProcessDecision.Nothing();
        }

        var current = Current(state);
        return current.Events.TryGetValue(e.GetType(), out var transition)
            ? Move(state, transition, moment, e, input, cause)
            : Declared(UnexpectedIn(current, e.GetType()), state, input);
    }

    /// <summary>A timer is due.</summary>
    public ProcessEvent OnTimer(ProcessState state, ProcessTimer timer, DateTimeOffset now)
    {
        var input = new ProcessInput(ProcessInputKind.Timer, timer.Name);
        var fired = state with { Timers = state.Timers.Remove(timer) };

        // A definition that has changed may handle it no more.
        return Current(state).Timers.TryGetValue(timer.Name, out var transition)
            ? Move(fired, transition, new ProcessMoment(id, now, state.State, null), timer, input, Own(state)).Event
            : Moved(fired, input, state.State, state.Data, fired.Timers, [], Own(state));
    }

    /// <summary>A command was rejected.</summary>
    /// <returns><see langword="null"/> when nothing follows.</returns>
    public ProcessEvent? OnRejected(ProcessState state, ProcessCommand command, Rejection rejection, DateTimeOffset now) =>
        state.Status == ProcessStatus.Running && Current(state).Rejections.TryGetValue(command.Type, out var transition)
            ? Move(
                state,
                transition,
                new ProcessMoment(id, now, state.State, null),
                rejection,
                new ProcessInput(ProcessInputKind.Rejection, command.Type),
                Own(state)).Event
            : null;

    private ProcessDecision.Record Move(
        ProcessState state, ProcessTransition transition, ProcessMoment moment, object what, ProcessInput input, EventMetadata cause)
    {
        var data = state.Status == ProcessStatus.None ? new object() : process.ReadData(state.Data);
        var outcome = transition.Handle(moment, data, what);
        var to = TargetOf(transition, outcome, moment.State);
        var timers = outcome.Timers.Aggregate(state.Timers, Set);
        return new ProcessDecision.Record(
            Moved(state, input, to, ProcessManager.WriteData(outcome.Data), timers, outcome.Commands, cause));
    }

    private ProcessEvent.Moved Moved(
        ProcessState state,
        ProcessInput input,
        string to,
        JsonElement data,
        IEnumerable<ProcessTimer> timers,
        IReadOnlyList<ProcessDispatch> commands,
        EventMetadata cause)
    {
        IReadOnlyCollection<string> handled = _definition.States.TryGetValue(to, out var next) ? next.Timers.Keys : [];
        return new ProcessEvent.Moved(
            process.Type,
            input,
            state.Status == ProcessStatus.None ? null : state.State,
            to,
            data,
            [.. timers.Where(t => handled.Contains(t.Name)).OrderBy(t => t.Due).ThenBy(t => t.Name, StringComparer.Ordinal)],
            [.. commands.Select((c, i) => Encode(c, state.LastNumber + i + 1))],
            _definition.Finals.Contains(to),
            cause);
    }

    private static ProcessCommand Encode(ProcessDispatch command, long number) => new(
        number,
        command.Aggregate,
        command.Id,
        CommandCodec.NameOf(command.Command),
        ProcessNames.Of(command.Command.GetType()),
        JsonElement.Parse(CommandCodec.Encode(command.Command).Span));

    private ImmutableList<ProcessTimer> Set(ImmutableList<ProcessTimer> timers, KeyValuePair<string, DateTimeOffset?> change)
    {
        if (!_definition.Timers.Contains(change.Key))
        {
            throw new InvalidOperationException($"The process {process.Type} declares no timer '{change.Key}'.");
        }

        var others = timers.RemoveAll(t => t.Name == change.Key);
        return change.Value is { } due ? others.Add(new ProcessTimer(change.Key, due)) : others;
    }

    private string TargetOf(ProcessTransition transition, ProcessOutcome outcome, string from)
    {
        var to = outcome.To ?? (transition.To is [var only] ? only : from);
        return transition.To.Contains(to) || (to == from && from.Length > 0)
            ? to
            : throw new InvalidOperationException(
                $"A handler of {process.Type} goes to '{to}', but declares {(transition.To.Count == 0 ? "nothing" : string.Join(", ", transition.To))}.");
    }

    private Unexpected UnexpectedIn(ProcessStateDefinition state, Type type) =>
        state.Unexpected.TryGetValue(type, out var declared)
            ? declared
            : state.Otherwise ?? _definition.Otherwise ?? Unexpected.Park;

    private ProcessDecision Declared(Unexpected what, ProcessState state, ProcessInput input)
    {
        var where = state.Status switch
        {
            ProcessStatus.None => "has not started",
            ProcessStatus.Running => $"is in {state.State}",
            _ => "has ended",
        };
        var why = $"{input.Name} came to {process.Type} {id}, which {where}.";
        return what switch
        {
            Unexpected.Park => new ProcessDecision.Park(why),
            Unexpected.Ignore when state.Status == ProcessStatus.Running => new ProcessDecision.Record(new ProcessEvent.Ignored(input)),
            Unexpected.Fail when state.Status == ProcessStatus.Running => new ProcessDecision.Record(new ProcessEvent.Failed(input, why)),
            _ => new ProcessDecision.Nothing(),
        };
    }

    private ProcessStateDefinition Current(ProcessState state) => _definition.States.TryGetValue(state.State, out var current)
        ? current
        : throw new InvalidOperationException($"The process {process.Type} has no state '{state.State}' any more.");

    private EventMetadata Own(ProcessState state) => state.Cause with { CausationId = $"{process.Type}/{id}" };
}
