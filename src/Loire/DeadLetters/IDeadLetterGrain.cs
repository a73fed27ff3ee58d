namespace Loire.DeadLetters;

/// <summary>What people do about the dead letters of one partition of a subscription. Its key is <c>name/partition</c>.</summary>
[Alias("loire.dead-letters")]
public interface IDeadLetterGrain : IGrainWithStringKey
{
    /// <summary>Handles an event now, and those that wait behind it.</summary>
    /// <returns><see cref="DeadLetterReply.Retried"/>, or why not.</returns>
    [Alias("retry")]
    Task<DeadLetterReply> Retry(string id);

    /// <summary>The same for all that are not waiting. It ends after 10 s at the latest, and says how many are left.</summary>
    [Alias("retry-all")]
    Task<RetryReport> RetryAll();

    /// <summary>Changes the payload that will be handled; the original is kept.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="data">JSON in UTF-8 that the event can be read from.</param>
    /// <param name="by">Who changes it.</param>
    /// <returns><see cref="DeadLetterReply.Done"/>, or why not.</returns>
    [Alias("edit")]
    Task<DeadLetterReply> Edit(string id, ReadOnlyMemory<byte> data, string by);

    /// <summary>Decides that an event is never handled; what waits behind it goes on.</summary>
    /// <returns><see cref="DeadLetterReply.Done"/>, or why not.</returns>
    [Alias("delete")]
    Task<DeadLetterReply> Delete(string id);

    /// <summary>The same for all that were set aside before an instant, or for all. It ends after 10 s at the latest.</summary>
    [Alias("delete-all")]
    Task<PurgeReport> DeleteAll(DateTimeOffset? before);

    /// <summary>Takes back what was decided about an event: from the next rebuild on it is handled as it stands in the log.</summary>
    /// <param name="position">The event's.</param>
    /// <param name="by">Who takes it back, if that is known.</param>
    /// <returns><see cref="DeadLetterReply.Done"/>, or <see cref="DeadLetterReply.NotFound"/>: nothing was decided.</returns>
    [Alias("withdraw")]
    Task<DeadLetterReply> Withdraw(long position, string? by);
}

/// <summary>What came of it.</summary>
[GenerateSerializer, Immutable, Alias("loire.dead-letter-reply")]
public abstract record DeadLetterReply
{
    private DeadLetterReply()
    {
    }

    [GenerateSerializer, Immutable, Alias("loire.dead-letter-done")]
    public sealed record Done : DeadLetterReply;

    [GenerateSerializer, Immutable, Alias("loire.dead-letter-retried")]
    public sealed record Retried([property: Id(0)] RetryReport Report) : DeadLetterReply;

    /// <summary>There is no such letter: it may have been handled.</summary>
    [GenerateSerializer, Immutable, Alias("loire.dead-letter-not-found")]
    public sealed record NotFound : DeadLetterReply;

    [GenerateSerializer, Immutable, Alias("loire.dead-letter-wrong-state")]
    public sealed record WrongState([property: Id(0)] string Detail) : DeadLetterReply;

    /// <summary>The event cannot be read from the payload.</summary>
    [GenerateSerializer, Immutable, Alias("loire.dead-letter-unreadable")]
    public sealed record Unreadable([property: Id(0)] string Detail) : DeadLetterReply;
}

/// <param name="Succeeded">Events that were handled, those that had waited included.</param>
/// <param name="Failed">Events that failed again.</param>
/// <param name="Left">Aggregates that there was no time for; those that still wait will be tried by themselves or when asked again.</param>
[GenerateSerializer, Immutable, Alias("loire.retry-report")]
public sealed record RetryReport([property: Id(0)] int Succeeded, [property: Id(1)] int Failed, [property: Id(2)] int Left)
{
    public static readonly RetryReport None = new(0, 0, 0);

    public static RetryReport operator +(RetryReport one, RetryReport other) =>
        new(one.Succeeded + other.Succeeded, one.Failed + other.Failed, one.Left + other.Left);
}

/// <param name="Deleted">How many were deleted.</param>
/// <param name="MoreLeft">There was not enough time for all of them.</param>
[GenerateSerializer, Immutable, Alias("loire.purge-report")]
public sealed record PurgeReport([property: Id(0)] int Deleted, [property: Id(1)] bool MoreLeft);
