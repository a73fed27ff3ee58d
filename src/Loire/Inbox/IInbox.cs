using Loire.EventLog.Views;

namespace Loire.Inbox;

/// <summary>
/// Lets consumers take messages from the world outside (a broker, a webhook, another system's retries), which may come several
/// times, and handle each of them once. What a consumer writes and the record that it has handled the message are committed together.
/// </summary>
public interface IInbox
{
    /// <summary>Handles a message, unless this consumer has handled it before.</summary>
    /// <param name="consumer">The consumer, as registered with <c>AddIdempotentConsumer</c>. Each has a memory of its own.</param>
    /// <param name="messageId">What tells the message from others; the same when it comes again. 1 to 1,000 characters.</param>
    /// <param name="handle">
    /// Says what the message changes. Its documents count once. It may run again, before anything has been written, when it fails
    /// or when another silo has got ahead, so what it does elsewhere has to bear repetition. The token ends it after
    /// <see cref="InboxOptions.TimeLimit"/>.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What came of it, now or when it was handled first.</returns>
    /// <exception cref="ArgumentException">The consumer is not registered, or the id is none.</exception>
    /// <exception cref="TimeoutException">The handler did not end within its limit; nothing was written.</exception>
    /// <exception cref="EventLog.StoreUnavailableException">Too much is waiting, or the store cannot take it; try again: it will still count once.</exception>
    Task<InboxResult> Once(
        string consumer,
        string messageId,
        Func<CancellationToken, Task<InboxOutcome>> handle,
        CancellationToken cancellation = default);
}

/// <summary>What handling a message leads to.</summary>
/// <param name="Changes">Documents that are written together with the record of the message; their views have to be defined.</param>
/// <param name="Answer">Kept, and given to whoever sends the message again.</param>
public sealed record InboxOutcome(IReadOnlyList<DocumentChange> Changes, string? Answer = null)
{
    /// <summary>Nothing to write and nothing to say.</summary>
    public static readonly InboxOutcome None = new([]);
}

/// <summary>What came of a message.</summary>
public abstract record InboxResult
{
    private InboxResult(string? answer) => Answer = answer;

    /// <summary>What its handler said when it was handled.</summary>
    public string? Answer { get; }

    /// <summary>It has been handled now.</summary>
    public sealed record Handled : InboxResult
    {
        internal Handled(string? answer)
            : base(answer)
        {
        }
    }

    /// <summary>It had been handled before; nothing was done now.</summary>
    public sealed record Repeated : InboxResult
    {
        internal Repeated(string? answer, DateTimeOffset handledAt)
            : base(answer) => HandledAt = handledAt;

        public DateTimeOffset HandledAt { get; }
    }
}
