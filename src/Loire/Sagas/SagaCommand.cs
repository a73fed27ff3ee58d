namespace Loire.Sagas;

/// <summary>A command that a saga sends.</summary>
public sealed record SagaCommand(string Aggregate, string Id, object Command)
{
    internal IReadOnlyDictionary<Type, string> Failures { get; private init; } = new Dictionary<Type, string>();

    /// <summary>The step has failed if the command leads to this event, though it is accepted: a declined payment, say.</summary>
    /// <param name="reason">Why, for people.</param>
    public SagaCommand FailsOn<TEvent>(string reason) =>
        this with { Failures = new Dictionary<Type, string>(Failures) { [typeof(TEvent)] = reason } };
}
