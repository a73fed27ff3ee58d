using System.Text;
using Loire.EventLog.Views;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <content>What people ask for.</content>
internal sealed partial class DeadLetterQueue
{
    private const int DeletedTogether = 200;

    public async Task<DeadLetterReply> Retry(string id, DateTimeOffset until, CancellationToken cancellation)
    {
        if (await reading.Find(id, cancellation) is not { } letter)
        {
            return new DeadLetterReply.NotFound();
        }

        return letter.HeadOf is not null
            ? new DeadLetterReply.Retried(await Retry(letter.Stream, until, cancellation))
            : letter.State == DeadLetterState.Waiting
                ? new DeadLetterReply.WrongState($"It waits behind {HeadOf(letter)}: retry that, and this follows.")
                : new DeadLetterReply.WrongState("It was skipped, and later events of its aggregate have been handled since.");
    }

    /// <summary>Changes the payload that will be handled. The first one is kept.</summary>
    public async Task<DeadLetterReply> Edit(
        string id, ReadOnlyMemory<byte> data, string by, EventCatalog catalog, CancellationToken cancellation)
    {
        if (await reading.Find(id, cancellation) is not { } letter)
        {
            return new DeadLetterReply.NotFound();
        }

        if (letter.State == DeadLetterState.Skipped)
        {
            return new DeadLetterReply.WrongState("It was skipped: nothing will handle it any more.");
        }

        var edited = letter with
        {
            Data = Encoding.UTF8.GetString(data.Span),
            OriginalData = letter.OriginalData ?? letter.Data,
            EditedBy = by,
            EditedAt = time.GetUtcNow(),
        };
        try
        {
            catalog.Decode(edited.ToEvent());
        }
        catch (UnreadableEventException e)
        {
            return new DeadLetterReply.Unreadable(e.Message);
        }

        await amendments.Stay([edited], handled: true, [DeadLetterWriting.Put(edited)], cancellation);
        LogEdited(id, by);
        return new DeadLetterReply.Done();
    }

    /// <summary>Takes back what was decided about an event, from the next rebuild on.</summary>
    public async Task<DeadLetterReply> Withdraw(long position, string? by, CancellationToken cancellation)
    {
        if (!await amendments.Withdraw(position, by, cancellation))
        {
            return new DeadLetterReply.NotFound();
        }

        LogWithdrawn(position, checkpoint.Name, checkpoint.Partition, by);
        return new DeadLetterReply.Done();
    }

    /// <summary>Does what was decided meanwhile about the same events, as dead letters of the generation that is live.</summary>
    public async Task Adopt(IAsyncEnumerable<Amendment> later, CancellationToken cancellation)
    {
        await foreach (var amendment in later.WithCancellation(cancellation))
        {
            var id = DeadLetter.IdOf(checkpoint.Name, checkpoint.Partition, amendment.Position);
            if (await reading.Find(id, cancellation) is { State: not DeadLetterState.Skipped } letter)
            {
                await (amendment.Data is null ? Delete(letter, cancellation) : Adopt(amendment, letter, cancellation));
            }
        }
    }

    /// <summary>Decides that an event is never handled. What waits behind it goes on.</summary>
    public async Task<DeadLetterReply> Delete(string id, CancellationToken cancellation)
    {
        if (await reading.Find(id, cancellation) is not { } letter)
        {
            return new DeadLetterReply.NotFound();
        }

        await Delete(letter, cancellation);
        return new DeadLetterReply.Done();
    }

    /// <summary>The same for all that were set aside before an instant, for as long as there is time.</summary>
    public async Task<PurgeReport> DeleteAll(DateTimeOffset? before, DateTimeOffset until, CancellationToken cancellation)
    {
        var (deleted, from) = (0, 0L);
        while (true)
        {
            var letters = await reading.Before(before, from, DeletedTogether, cancellation);
            if (letters.Count == 0 || time.GetUtcNow() >= until)
            {
                return new PurgeReport(deleted, MoreLeft: letters.Count > 0);
            }

            List<DeadLetter> others = [.. letters.Where(l => l.HeadOf is null)];
            if (others.Count > 0)
            {
                await amendments.Stay(others, handled: false, [.. others.Select(DeadLetterWriting.Delete)], cancellation);
                others.ForEach(LogDeleted);
            }

            foreach (var head in letters.Where(l => l.HeadOf is not null))
            {
                await Delete(head, cancellation);
            }

            (deleted, from) = (deleted + letters.Count, letters[^1].Position + 1);
        }
    }

    // The first of its line is tried at once, or as soon as its generation is the live one.
    private async Task Adopt(Amendment amendment, DeadLetter letter, CancellationToken cancellation)
    {
        if (letter.Data == amendment.Data)
        {
            return;
        }

        var edited = letter with
        {
            Data = amendment.Data!,
            OriginalData = amendment.OriginalData,
            EditedBy = amendment.By,
            EditedAt = amendment.At,
        };
        edited = letter.HeadOf is null ? edited : writing.First(edited);
        await amendments.Stay([edited], handled: true, [DeadLetterWriting.Put(edited)], cancellation);
        if (edited.HeadOf is not null)
        {
            HeldBack.Set(edited);
        }
    }

    private async Task Delete(DeadLetter letter, CancellationToken cancellation)
    {
        List<DocumentChange> changes = [DeadLetterWriting.Delete(letter)];
        DeadLetter? next = null;
        if (letter.HeadOf is not null)
        {
            next = (await reading.Line(letter.Stream, limit: 2, cancellation)).Skip(1).Select(writing.First).FirstOrDefault();
            changes.AddRange(PutIfAny(next));
        }

        await amendments.Stay([letter], handled: false, changes, cancellation);
        LogDeleted(letter);
        if (letter.HeadOf is not null)
        {
            Follow(letter.Stream, next);
        }
    }

    private string HeadOf(DeadLetter letter) => HeldBack.PositionOf(letter.Stream) is { } position
        ? DeadLetter.IdOf(letter.Generation, letter.Partition, position)
        : "another";

    // Nothing else remembers what a dead letter was: whoever has to explain a gap later finds it here.
    private void LogDeleted(DeadLetter letter) =>
        LogDeleted(letter.Id, letter.Type, letter.Stream.ToString(), letter.Version, letter.State, letter.Error);

    [LoggerMessage(LogLevel.Warning, "The dead letter {Id} was deleted: {Type} of {Stream}, version {Version}, {State}; it will not be handled. Its last error: {Error}")]
    private partial void LogDeleted(string id, string type, string stream, long version, DeadLetterState state, string? error);

    [LoggerMessage(LogLevel.Warning, "What was decided about event {Position} in {Generation}/{Partition} was withdrawn by {By}")]
    private partial void LogWithdrawn(long position, string generation, int partition, string? by);

    [LoggerMessage(LogLevel.Warning, "The payload of the dead letter {Id} was changed by {By}")]
    private partial void LogEdited(string id, string by);
}
