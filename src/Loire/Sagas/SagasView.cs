using System.Text.Json;
using Loire.Projections;

namespace Loire.Sagas;

/// <summary>All sagas, for people, and for the timer that wakes them; and how many there are.</summary>
public sealed class SagasView : Projection<SagaView>
{
    public const string Name = "sagas";

    /// <summary>Name of the view that has a document for each type.</summary>
    public const string Counts = "saga-counts";

    private readonly ViewTable<SagaTally> _tallies;

    public SagasView()
        : base(Name, version: 3)
    {
        _tallies = Output<SagaTally>(Counts);
        OnSaga<SagaEvent.Started>(_ => null, e => e.Version == 1 ? e.SagaType : $"{e.SagaType}, version {e.Version}");
        OnSaga<SagaEvent.StepBegun>(e => e.Step, _ => null);
        OnSaga<SagaEvent.StepSent>(e => e.Step, _ => null);
        OnSaga<SagaEvent.StepCompleted>(e => e.Step, _ => null);
        OnSaga<SagaEvent.AttemptFailed>(e => e.Step, e => $"{e.Code}: {e.Reason}");
        OnSaga<SagaEvent.StepStuck>(e => e.Step, e => $"{e.Code}: {e.Reason}");
        OnSaga<SagaEvent.StepRetried>(e => e.Step, _ => null);
        OnSaga<SagaEvent.StepSkipped>(e => e.Step, e => e.Reason);
        OnSaga<SagaEvent.StepFailed>(e => e.Step, e => $"{e.Code}: {e.Reason}");
        OnSaga<SagaEvent.CompensationRequested>(_ => null, e => e.Reason);
        OnSaga<SagaEvent.StepWithdrawn>(e => e.Step, _ => null);
        OnSaga<SagaEvent.StepCompensated>(e => e.Step, e => e.Rejections.Count == 0 ? null : string.Join("; ", e.Rejections));
        OnSaga<SagaEvent.CompensationFailed>(e => e.Step, e => string.Join("; ", e.Open.Select(o => $"{o.Command}: {o.Error}")));
        OnSaga<SagaEvent.Migrated>(_ => null, e => $"version {e.Version}");
        OnSaga<SagaEvent.Completed>(_ => null, _ => null);
        OnSaga<SagaEvent.Failed>(_ => null, e => e.Reason);
    }

    /// <summary>The id of a saga's document.</summary>
    public static string IdOf(string type, string id) => $"{type}:{id}";

    private void OnSaga<TEvent>(Func<TEvent, string?> step, Func<TEvent, string?> detail)
        where TEvent : SagaEvent =>
        On<TEvent>(async (session, e, info) =>
        {
            var id = IdOf(info.Aggregate, info.AggregateId);
            var before = await session.Find(Documents, id);
            var what = JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TEvent).Name);
            var entry = new SagaHistoryEntry(what, step(e), detail(e), info.OccurredAt, info.Metadata.UserId, info.Metadata.CausationId);
            var after = SagaView.Of(before, (before?.ToState() ?? new SagaState()).Apply(e), info, entry);
            session.Put(Documents, id, after);
            if (SagaTally.Differ(before, after))
            {
                var tally = await session.Find(_tallies, info.Aggregate) ?? new SagaTally(info.Aggregate);
                session.Put(_tallies, info.Aggregate, tally.Moved(before, after));
            }
        });
}
