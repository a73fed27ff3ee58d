using Loire.Aggregates;
using Loire.Processes;
using Loire.Projections;
using Loire.Sagas;

namespace Loire.Testing;

/// <summary>
/// Where every specification begins: given what has happened, when something comes, then this follows. Those of aggregates,
/// sagas and projections need no host and run in microseconds.
/// </summary>
public static class Specify
{
    /// <summary>Specifies what an aggregate does with commands.</summary>
    public static AggregateSpecification<TCommand, TState, TEvent> Aggregate<TCommand, TState, TEvent>(
        IDecider<TCommand, TState, TEvent> decider)
        where TCommand : class
        where TState : class
        where TEvent : class =>
        new(decider);

    /// <summary>Specifies what holds for whatever commands an aggregate gets.</summary>
    public static DeciderProperties<TCommand, TState, TEvent> Properties<TCommand, TState, TEvent>(
        IDecider<TCommand, TState, TEvent> decider)
        where TCommand : class
        where TState : class
        where TEvent : class =>
        new(decider);

    /// <summary>Specifies which commands a saga sends, and where it ends.</summary>
    /// <param name="saga">Its definition.</param>
    /// <param name="id">Its id, which is also the id of the aggregate that starts it.</param>
    public static SagaSpecification Saga(Saga saga, string id = "id") => new(saga, id);

    /// <summary>Specifies what a process makes of events and of time, and which commands it sends.</summary>
    /// <param name="process">Its definition.</param>
    /// <param name="id">The id of the instance.</param>
    /// <exception cref="SpecificationException">The definition is wrong; the message names every mistake.</exception>
    public static ProcessSpecification Process(ProcessManager process, string id = "id") => new(process, id);

    /// <summary>Specifies what the HTTP API of a cluster answers, and which events follow.</summary>
    /// <param name="cluster">Started with <see cref="LoireTestClusterOptions.Gateway"/>.</param>
    public static HttpSpecification Http(LoireTestCluster cluster) => new(cluster, []);

    /// <summary>Specifies which documents a projection makes of events.</summary>
    public static ProjectionSpecification<TView> Projection<TView>(Projection<TView> projection)
        where TView : class =>
        new(projection);
}
