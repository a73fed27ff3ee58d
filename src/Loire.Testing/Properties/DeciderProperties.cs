using Loire.Aggregates;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>
/// What holds for any decider, whatever commands come: deciding and folding are pure and throw nothing, every event comes
/// back from the log as it went in, and folding the log gives the state. More can be added. Commands come from seeds
/// (<see cref="CheckSeeds"/>) or from a library such as FsCheck (<see cref="Check"/>).
/// </summary>
public sealed class DeciderProperties<TCommand, TState, TEvent>
    where TCommand : class
    where TState : class
    where TEvent : class
{
    private readonly IDecider<TCommand, TState, TEvent> _decider;
    private readonly EventCodec _codec = new("aggregate", typeof(TEvent));
    private readonly List<(string Name, Func<TState, IReadOnlyList<TEvent>, bool> Holds)> _always = [];
    private bool _retriesAddNothing;

    internal DeciderProperties(IDecider<TCommand, TState, TEvent> decider) => _decider = decider;

    /// <summary>Adds something that holds after every command.</summary>
    /// <param name="name">What it says: "The balance is never negative".</param>
    /// <param name="holds">Whether it holds for a state and all events that led to it.</param>
    public DeciderProperties<TCommand, TState, TEvent> Always(string name, Func<TState, IReadOnlyList<TEvent>, bool> holds)
    {
        _always.Add((name, holds));
        return this;
    }

    /// <summary>
    /// Declares that a command which was accepted adds nothing when it comes again. Commands of other deciders need an
    /// idempotency key for that.
    /// </summary>
    public DeciderProperties<TCommand, TState, TEvent> RetriesAddNothing()
    {
        _retriesAddNothing = true;
        return this;
    }

    /// <summary>Checks one history of commands; those that are rejected change nothing.</summary>
    /// <exception cref="SpecificationException">Something does not hold.</exception>
    public void Check(IReadOnlyList<TCommand> commands)
    {
        if (Run(commands) is { } report)
        {
            throw report.With("commands", commands.Select(Named.Of)).ToException();
        }
    }

    /// <summary>
    /// Checks histories made from seeds. One that fails is made shorter as long as it fails the same way, and reported with
    /// its seed.
    /// </summary>
    /// <param name="command">Makes a command; the same numbers must give the same one.</param>
    /// <param name="histories">How many histories, 1 or more.</param>
    /// <param name="length">How many commands each has, 1 or more.</param>
    /// <param name="seed">The first seed; the others follow.</param>
    /// <exception cref="SpecificationException">Something does not hold.</exception>
    public void CheckSeeds(Func<Random, TCommand> command, int histories = 100, int length = 20, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(histories, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        for (var current = seed; current < seed + histories; current++)
        {
            var random = new Random(current);
            IReadOnlyList<TCommand> commands = [.. Enumerable.Range(0, length).Select(_ => command(random))];
            if (Run(commands) is { } report)
            {
                (commands, report) = Shorten(commands, report);
                throw report.With("commands", commands.Select(Named.Of)).With("seed", current).ToException();
            }
        }
    }

    private Report? Run(IReadOnlyList<TCommand> commands) => new DeciderRun<TCommand, TState, TEvent>(_decider, _codec)
    {
        Always = _always, RetriesAddNothing = _retriesAddNothing,
    }.Of(commands);

    // Leaves commands out, one at a time, until none can be spared.
    private (IReadOnlyList<TCommand> Commands, Report Report) Shorten(IReadOnlyList<TCommand> commands, Report report)
    {
        for (var i = 0; i < commands.Count;)
        {
            TCommand[] shorter = [.. commands.Take(i), .. commands.Skip(i + 1)];
            if (Run(shorter) is { } same && same.Headline == report.Headline)
            {
                (commands, report, i) = (shorter, same, 0);
            }
            else
            {
                i++;
            }
        }

        return (commands, report);
    }
}
