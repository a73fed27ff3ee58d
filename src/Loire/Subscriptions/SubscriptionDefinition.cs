using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Subscriptions;

/// <summary>A named reader of the log.</summary>
/// <param name="Name">Unique; checkpoints are kept under it.</param>
/// <param name="Kind">What it does, for people: <c>projection</c>, <c>saga-trigger</c>…</param>
/// <param name="Partitions">How many grains share its work, 1 to <see cref="StreamName.Partitions"/>; an aggregate's events
/// all go to the same one.</param>
/// <param name="Filter">Which events it wants.</param>
/// <param name="NewHandler">Makes what handles them; each partition has its own.</param>
public sealed record SubscriptionDefinition(
    string Name, string Kind, int Partitions, LogFilter Filter, Func<ISubscriptionHandler> NewHandler)
{
    /// <summary>Where it begins when it has no checkpoint yet.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.Beginning;

    /// <summary>How many events are handled before the checkpoint moves; as many as come at once, if not given.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether every partition gets all events, because only its handler knows which of their effects are its own.</summary>
    public bool SharesEvents { get; init; }

    /// <summary>The view that it fills, if it fills one; its own name is then that with a version.</summary>
    internal string? View { get; init; }

    /// <summary>The type that it was declared by, for people.</summary>
    internal string? DeclaredBy { get; init; }

    /// <summary>Reads the checkpoint of a partition, where that is not kept under the name of the subscription.</summary>
    internal Func<int, CancellationToken, Task<long>>? ReadCheckpoint { get; init; }

    /// <summary>What happens when it cannot handle an event; as <see cref="SubscriptionOptions.Failures"/> says, if not given.</summary>
    public FailurePolicy? Failures { get; init; }

    /// <summary>Whether there is anything for it to do: a saga that no event starts needs no trigger. Otherwise it does not run.</summary>
    public bool IsNeeded { get; init; } = true;

    /// <summary>What one of its partitions reads from the log.</summary>
    public LogFilter FilterOf(int partition) => Partitions == 1 || SharesEvents
        ? Filter
        : Filter with { Partitions = [.. Enumerable.Range(0, StreamName.Partitions).Where(p => p % Partitions == partition)] };

    public bool Wants(RecordedEvent e, int partition) =>
        (SharesEvents || e.Stream.Partition % Partitions == partition) && Filter.Matches(e);
}

/// <summary>What a subscription does with its events.</summary>
public interface ISubscriptionHandler
{
    /// <summary>Called before the first batch, and again when the checkpoint was not where it should be.</summary>
    Task Prepare(CancellationToken cancellation);

    /// <summary>
    /// Handles events in log order and says which documents they change. These are written together with the checkpoint, or
    /// not at all. It throws when an event cannot be handled, best <see cref="EventFailedException"/>, which says the event; the
    /// events then come again, those before it and it by itself first.
    /// </summary>
    Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation);

    /// <summary>What was handled last is on disk. When this is not called before the next events come, it is not.</summary>
    void Committed();
}
