using Loire.Sagas;
using Loire.Simulation.Checks;

namespace Loire.Simulation.RandomSagas;

/// <summary>How often what has happened to the sagas of many seeds: what never happens is not tested.</summary>
internal sealed class SagaEndings
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Add(Facts facts, SagaDesk desk)
    {
        foreach (var id in desk.Ids)
        {
            var events = facts.Of(RandomSaga.Name, id).Select(e => (SagaEvent)e.Event).ToList();
            var end = events.Aggregate(new SagaState(), (state, e) => state.Apply(e));
            Count(end is { Status: SagaStatus.Failed, OpenWork.IsEmpty: false } ? "ended with open work"
                : end.Status == SagaStatus.Failed ? "ended undone" : "ended completed");
            events.ForEach(e => Count(e.GetType().Name));
        }
    }

    public override string ToString() => string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"));

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
