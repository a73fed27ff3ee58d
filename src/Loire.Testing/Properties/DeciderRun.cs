using Loire.Aggregates;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>One history of commands, looked at from every side.</summary>
internal sealed class DeciderRun<TCommand, TState, TEvent>(IDecider<TCommand, TState, TEvent> decider, EventCodec codec)
    where TCommand : class
    where TState : class
    where TEvent : class
{
    private static readonly CommandContext Context = new("id", new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly List<TEvent> _events = [];
    private TState _state = decider.Initial;
    private TState _folded = decider.Initial;

    public required IReadOnlyList<(string Name, Func<TState, IReadOnlyList<TEvent>, bool> Holds)> Always { get; init; }

    public required bool RetriesAddNothing { get; init; }

    /// <summary>What does not hold; <see langword="null"/> when all does.</summary>
    public Report? Of(IReadOnlyList<TCommand> commands)
    {
        try
        {
            commands.ToList().ForEach(Carry);
            return null;
        }
        catch (DoesNotHold found)
        {
            return found.Report.With("events", _events.Select(Named.Of)).With("state", Shape.Of(_state));
        }
    }

    private void Carry(TCommand command)
    {
        var decision = Decide(command);
        Same("Deciding the same twice does not give the same.", decision, Decide(command));
        foreach (var e in decision is Decision<TEvent>.Accept accepted ? accepted.Events : [])
        {
            Happen(e);
        }

        if (RetriesAddNothing && decision is Decision<TEvent>.Accept && Decide(command) is Decision<TEvent>.Accept { Events.Count: > 0 } again)
        {
            throw new DoesNotHold(new Report("A command that came again added something.")
                .With("command", Named.Of(command)).With("added", again.Events.Select(Named.Of)));
        }

        foreach (var (name, holds) in Always)
        {
            if (!holds(_state, _events))
            {
                throw new DoesNotHold(new Report($"It does not always hold: {name}"));
            }
        }
    }

    private void Happen(TEvent e)
    {
        var stored = Stored(e);
        _events.Add(e);
        var next = Evolve(_state, e);
        Same("Folding the same event twice does not give the same.", next, Evolve(_state, e));
        (_state, _folded) = (next, Evolve(_folded, stored));
        Same("Folding the log does not give the state.", _state, _folded);
    }

    private Decision<TEvent> Decide(TCommand command) =>
        Call($"The decider threw on {Named.Of(command).Name}", () => decider.Decide(command, _state, Context));

    private TState Evolve(TState before, TEvent e) => Call($"Evolve threw on {Named.Of(e).Name}", () => decider.Evolve(before, e));

    private TEvent Stored(TEvent e)
    {
        try
        {
            return StoredForm.Of(codec, e);
        }
        catch (SpecificationException found)
        {
            throw new DoesNotHold(new Report(found.Message));
        }
    }

    private static T Call<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e)
        {
            throw new DoesNotHold(new Report($"{what}: {e.GetType().Name}: {e.Message}"));
        }
    }

    private static void Same(string headline, object one, object other)
    {
        if (Difference.Between("value", Shape.Of(Plain(one)), Shape.Of(Plain(other))) is { } difference)
        {
            throw new DoesNotHold(new Report(headline).With("difference", difference));
        }
    }

    // Events are held as their base, of which nothing would be seen.
    private static object Plain(object value) => value is Decision<TEvent>.Accept accepted
        ? accepted.Events.Select(e => new { Event = Named.Of(e) })
        : value;

    private sealed class DoesNotHold(Report report) : Exception
    {
        public Report Report { get; } = report;
    }
}
