using Loire.Aggregates;

namespace Loire.Processes;

/// <summary>Says what happens in one state of a process.</summary>
/// <typeparam name="TData">What the process remembers.</typeparam>
public sealed class ProcessStateBuilder<TData>
    where TData : class
{
    private readonly ProcessDefinition _process;
    private readonly ProcessStateDefinition _state;

    internal ProcessStateBuilder(ProcessDefinition process, ProcessStateDefinition state) => (_process, _state) = (process, state);

    /// <summary>Handles an event.</summary>
    /// <param name="handle">What follows.</param>
    /// <param name="to">Where it may lead: nowhere else if none is given, there if it is one, to one of them if they are several.</param>
    public ProcessStateBuilder<TData> When<TEvent>(
        Func<ProcessMove<TData>, TEvent, ProcessMove<TData>> handle, params IReadOnlyList<string> to)
        where TEvent : class =>
        Add(_state.Events, typeof(TEvent), ProcessNames.Of(typeof(TEvent)), to, (move, e) => handle(move, (TEvent)e));

    /// <summary>Handles a timer that is due.</summary>
    /// <inheritdoc cref="When{TEvent}"/>
    public ProcessStateBuilder<TData> WhenTimer(
        string timer, Func<ProcessMove<TData>, ProcessMove<TData>> handle, params IReadOnlyList<string> to) =>
        Add(_state.Timers, timer, $"the timer {timer}", to, (move, _) => handle(move));

    /// <summary>Handles the rejection of a command that the process has sent. Where nothing handles it, it is recorded only.</summary>
    /// <inheritdoc cref="When{TEvent}"/>
    public ProcessStateBuilder<TData> WhenRejected<TCommand>(
        Func<ProcessMove<TData>, Rejection, ProcessMove<TData>> handle, params IReadOnlyList<string> to)
        where TCommand : class =>
        Add(
            _state.Rejections,
            ProcessNames.Of(typeof(TCommand)),
            $"the rejection of {ProcessNames.Of(typeof(TCommand))}",
            to,
            (move, rejection) => handle(move, (Rejection)rejection));

    /// <summary>Says what becomes of an event that this state has no handler for.</summary>
    public ProcessStateBuilder<TData> Unexpected<TEvent>(Unexpected what)
        where TEvent : class
    {
        _process.Add(
            _state.Unexpected, typeof(TEvent), what, $"{_state.Name} says twice that {ProcessNames.Of(typeof(TEvent))} is unexpected.");
        return this;
    }

    /// <summary>Says what becomes of all other events.</summary>
    public ProcessStateBuilder<TData> Otherwise(Unexpected what)
    {
        _state.Otherwise = what;
        return this;
    }

    private ProcessStateBuilder<TData> Add<TKey>(
        Dictionary<TKey, ProcessTransition> table,
        TKey key,
        string what,
        IReadOnlyList<string> to,
        Func<ProcessMove<TData>, object, ProcessMove<TData>> handle)
        where TKey : notnull
    {
        var transition = new ProcessTransition(to, (moment, data, input) => handle(new ProcessMove<TData>(moment, (TData)data), input).Outcome);
        _process.Add(table, key, transition, $"{_state.Name} has two handlers for {what}.");
        return this;
    }
}
