using System.Text;
using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>What becomes of the letters of one partition of a subscription, as changes of documents.</summary>
/// <param name="queue">The subscription.</param>
/// <param name="checkpoint">Where it stands.</param>
/// <param name="time">The clock.</param>
/// <param name="amendments">What was decided about its events before, if it folds the log anew.</param>
internal sealed class DeadLetterWriting(
    string queue, SubscriptionCheckpoint checkpoint, TimeProvider time, Amendments? amendments = null)
{
    private const int MaxError = 1_000;
    private const int MaxErrorDetail = 8_000;

    private string Owner => SubscriptionBatch.KeyOf(checkpoint.Name, checkpoint.Partition);

    public static DocumentChange Put(DeadLetter letter) => new DocumentChange.Put(
        DeadLetter.Schema, letter.Id, JsonSerializer.SerializeToUtf8Bytes(letter, LoireJson.Stored));

    public static DocumentChange Delete(DeadLetter letter) => new DocumentChange.Delete(DeadLetter.Schema, letter.Id);

    public static DeadLetter Read(ViewDocument document) =>
        JsonSerializer.Deserialize<DeadLetter>(document.Json.Span, LoireJson.Stored)
        ?? throw new JsonException($"The dead letter {document.Id} is null.");

    /// <summary>An event that waits for an earlier one of its aggregate.</summary>
    public DeadLetter Waiting(RecordedEvent e)
    {
        var letter = New(e);
        return amendments?.Find(e.Position) is { } amendment
            ? letter with { OriginalData = amendment.OriginalData, EditedBy = amendment.By, EditedAt = amendment.At }
            : letter;
    }

    /// <summary>A letter after an attempt that failed.</summary>
    public DeadLetter Failed(DeadLetter letter, Exception failure, FailurePolicy policy)
    {
        var now = time.GetUtcNow();
        var cause = FailurePolicy.CauseOf(failure);
        var attempts = letter.Attempts + 1;
        var again = letter.State != DeadLetterState.Parked && attempts < policy.MaxAttempts && policy.IsRetryable(cause);
        var skipped = !again && policy.Then == FailureAction.Skip;
        return letter with
        {
            State = again ? DeadLetterState.Retrying : skipped ? DeadLetterState.Skipped : DeadLetterState.Parked,
            HeadOf = skipped ? null : Owner,
            Line = skipped ? null : letter.Line,
            Attempts = attempts,
            Error = Cut(cause.Message, MaxError),
            ErrorDetail = Cut(cause.ToString(), MaxErrorDetail),
            LastFailedAt = now,
            NextAttemptAt = again ? now + policy.DelayAfter(attempts, letter.Stream, letter.Position) : null,
        };
    }

    /// <summary>The first of its line, now that those before it are gone: it is tried at once.</summary>
    public DeadLetter First(DeadLetter letter) => letter with
    {
        State = DeadLetterState.Retrying,
        HeadOf = Owner,
        NextAttemptAt = time.GetUtcNow(),
    };

    private DeadLetter New(RecordedEvent e) => new()
    {
        Id = DeadLetter.IdOf(checkpoint.Name, checkpoint.Partition, e.Position),
        Queue = queue,
        Generation = checkpoint.Name,
        Partition = checkpoint.Partition,
        State = DeadLetterState.Waiting,
        Line = DeadLetter.LineOf(Owner, e.Stream),
        Position = e.Position,
        EventId = e.EventId,
        Aggregate = e.Stream.Aggregate,
        AggregateId = e.Stream.Id,
        Version = e.Version,
        Type = e.Type,
        SchemaVersion = e.SchemaVersion,
        OccurredAt = e.OccurredAt,
        Metadata = e.Metadata,
        Data = Encoding.UTF8.GetString(e.Data.Span),
        CreatedAt = time.GetUtcNow(),
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..length]}…";
}
