namespace Loire.Aggregates;

/// <summary>What a decider makes of a command.</summary>
public abstract record Decision<TEvent>
{
    private Decision()
    {
    }

    /// <summary>These events happened; none, if everything is already as the command asks for.</summary>
    public sealed record Accept(IReadOnlyList<TEvent> Events) : Decision<TEvent>;

    /// <summary>A business rule stands against it.</summary>
    public sealed record Reject(Rejection Reason) : Decision<TEvent>;

    public static implicit operator Decision<TEvent>(TEvent @event) => new Accept([@event]);

    public static implicit operator Decision<TEvent>(TEvent[] events) => new Accept(events);

    public static implicit operator Decision<TEvent>(Rejection reason) => new Reject(reason);
}

/// <summary>Why a command was rejected.</summary>
/// <param name="Code">Stable, kebab-case, for programs.</param>
/// <param name="Detail">One sentence for people.</param>
public sealed record Rejection(string Code, string Detail);
