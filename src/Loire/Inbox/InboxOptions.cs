namespace Loire.Inbox;

/// <summary>How one consumer takes its messages.</summary>
public sealed class InboxOptions
{
    /// <summary>
    /// For how long a message is remembered; one that comes again later is handled again. <see langword="null"/> remembers it for
    /// ever. Default: 7 days; a minute or more.
    /// </summary>
    public TimeSpan? Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// One message of this consumer at a time, so that a handler may read documents and write what follows from them. Otherwise
    /// messages are handled beside each other, and no document may depend on two of them. Default: yes.
    /// </summary>
    public bool OneAtATime { get; set; } = true;

    /// <summary>How long a handler may take. Default: 30 s; more than zero, up to 10 minutes.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages may be under way or wait on one silo; those on top are refused. Default: 1,000; 1 or more.</summary>
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How often a message is tried when other silos keep getting ahead. Default: 20; 1 or more.</summary>
    public int MaxAttempts { get; set; } = 20;
}

/// <summary>A registered consumer.</summary>
internal sealed record InboxConsumer(string Name, InboxOptions Options);
