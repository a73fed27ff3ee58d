using Loire.EventLog;
using Orleans.Concurrency;

namespace Loire.Sagas;

/// <summary>One saga. Its grain type is the saga's type, its key the saga's id.</summary>
[Alias("loire.saga")]
public interface ISagaGrain : IGrainWithStringKey
{
    /// <summary>Starts the saga and answers when that is on disk; does nothing if it has been started before.</summary>
    [AlwaysInterleave]
    [Alias("start")]
    Task<SagaReply> Start(ReadOnlyMemory<byte> context, SagaCause cause);

    /// <summary>Undoes what has been done, also when the saga has completed; does nothing when it has failed or been undone.</summary>
    [AlwaysInterleave]
    [Alias("compensate")]
    Task<SagaReply> Compensate(string reason);

    /// <summary>Goes on with what is left to do, if anything is.</summary>
    [AlwaysInterleave]
    [Alias("resume")]
    Task<SagaReply> Resume();
}

/// <summary>Where a saga stands.</summary>
/// <param name="Status">Its status; <see cref="SagaStatus.None"/> when it does not exist.</param>
/// <param name="CurrentStep">The step that it is at, if it runs.</param>
[GenerateSerializer, Immutable, Alias("loire.saga-reply")]
public sealed record SagaReply([property: Id(0)] SagaStatus Status, [property: Id(1)] string? CurrentStep);

/// <summary>What a saga was started by.</summary>
[GenerateSerializer, Immutable, Alias("loire.saga-cause")]
public sealed record SagaCause(
    [property: Id(0)] string? CorrelationId,
    [property: Id(1)] string? CausationId,
    [property: Id(2)] string? TraceParent,
    [property: Id(3)] string? UserId,
    [property: Id(4)] string? Tenant)
{
    public static readonly SagaCause Unknown = new(null, null, null, null, null);

    internal static SagaCause Of(RecordedEvent e) => new(
        e.Metadata.CorrelationId, e.EventId.ToString(), e.Metadata.TraceParent, e.Metadata.UserId, e.Metadata.Tenant);
}
