using Loire.EventLog;

namespace Loire.Sagas;

/// <summary>What a saga records at once.</summary>
/// <param name="Events">In order.</param>
/// <param name="Metadata">Who and what led to them.</param>
/// <param name="At">When they happened.</param>
internal sealed record SagaEntry(IReadOnlyList<SagaEvent> Events, EventMetadata Metadata, DateTimeOffset At)
{
    /// <summary>An event, with what it leads to by itself.</summary>
    /// <param name="before">The saga before it.</param>
    /// <param name="e">The event.</param>
    /// <param name="by">What led to it, if that is not what started the saga.</param>
    /// <param name="sagas">The definitions.</param>
    /// <param name="now">The time.</param>
    public static SagaEntry Of(SagaState before, SagaEvent e, SagaCause? by, SagaRegistry sagas, DateTimeOffset now)
    {
        var after = before.Apply(e);
        var cause = after.Cause;
        var metadata = cause.Metadata with
        {
            UserId = by?.UserId ?? cause.UserId,
            CorrelationId = cause.CorrelationId ?? by?.CorrelationId,
            CausationId = by?.CausationId ?? cause.CausationId,
            TraceParent = by?.TraceParent ?? cause.TraceParent,
            Tenant = cause.Tenant ?? by?.Tenant,
        };
        return new SagaEntry(
            sagas.RunnableBy(after) is { } saga ? [e, .. SagaPlanner.Consequences(saga, after, now)] : [e], metadata, now);
    }
}
