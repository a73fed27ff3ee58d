using Loire.Sagas;
using Loire.Simulation.Checks;

namespace Loire.Simulation.RandomSagas;

/// <summary>What the log says of one saga.</summary>
internal sealed class SagaStory
{
    public SagaStory(Facts facts, SagaOutline outline, string id)
    {
        (Id, Outline) = (id, outline);
        Events = [.. facts.Of(RandomSaga.Name, id).Select(e => (e.Position, (SagaEvent)e.Event))];
        var states = new List<SagaState> { new() };
        states.AddRange(Events.Select(e => states[^1].Apply(e.Event)));
        States = states;
        Work = (from e in facts.All
                where e.Stream.Aggregate == WorkGrain.Type
                select (e.Position, Event: (WorkEvent)facts.Decode(e))).ToLookup(e => KeyOf(e.Event));
    }

    public string Id { get; }

    public SagaOutline Outline { get; }

    public IReadOnlyList<(long Position, SagaEvent Event)> Events { get; }

    /// <summary>Before each event, and after the last.</summary>
    public IReadOnlyList<SagaState> States { get; }

    public SagaState End => States[^1];

    /// <summary>What workers have done, by effect; for a saga as a whole by its id.</summary>
    public ILookup<string, (long Position, WorkEvent Event)> Work { get; }

    public IEnumerable<T> All<T>() => Events.Select(e => e.Event).OfType<T>();

    /// <summary>Where something happened for the last time; <see langword="null"/> if it never did.</summary>
    public long? PositionOf(Func<SagaEvent, bool> which) => Events.LastOrDefault(e => which(e.Event)) is { Position: > 0 and var position } ? position : null;

    /// <summary>What workers have done for a step, in order.</summary>
    public IReadOnlyList<(long Position, WorkEvent Event)> Of(StepOutline step) =>
        [.. Enumerable.Range(0, step.Workers.Count).SelectMany(n => Work[step.EffectOf(Id, n)]).OrderBy(e => e.Position)];

    /// <summary>Whether a command's effect is there in the end.</summary>
    public bool Stands(StepOutline step, int command) =>
        Work[step.EffectOf(Id, command)].LastOrDefault(e => e.Event is WorkEvent.Done or WorkEvent.Undone).Event is WorkEvent.Done;

    private static string KeyOf(WorkEvent e) => e switch
    {
        WorkEvent.Done done => done.Effect,
        WorkEvent.Declined declined => declined.Effect,
        WorkEvent.Undone undone => undone.Effect,
        WorkEvent.Closed closed => closed.Saga,
        _ => "",
    };
}
