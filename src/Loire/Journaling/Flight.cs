using Loire.EventLog;

namespace Loire.Journaling;

/// <summary>An append on its way: its outcome is not known yet.</summary>
/// <param name="events">What is appended.</param>
/// <param name="from">The version that the stream must have.</param>
/// <param name="fromId">The id of the event at that version.</param>
internal sealed class Flight<TEvent>((TEvent Event, NewEvent Encoded)[] events, long from, Guid? fromId)
{
    private TaskCompletionSource? _settled;

    public (TEvent Event, NewEvent Encoded)[] Events { get; } = events;

    public long From { get; } = from;

    public Guid? FromId { get; } = fromId;

    /// <summary>Its outcome is known.</summary>
    public bool Landed { get; set; }

    /// <summary>Proof that it was appended; <see langword="null"/> if it was not.</summary>
    public Receipt? Receipt { get; set; }

    /// <summary>Completes when this and all flights before it have landed.</summary>
    public Task Settled => (_settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Settle() => _settled?.TrySetResult();
}
