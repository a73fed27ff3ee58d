using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <summary>
/// Dead letters that no subscription of this program owns: those of an older version of a view while the next one is filled, or
/// of a subscription that is not there any more. All that can be done is to decide that they are never handled.
/// </summary>
internal sealed partial class OrphanLetters(IViewStore store, TimeProvider time, ILogger logger)
{
    /// <summary>How many are deleted at once, at most.</summary>
    public const int MaxTogether = 500;

    private const int MaxAttempts = 5;

    private readonly ILogger _logger = logger;

    /// <summary>Deletes letters, and keeps that as the grain of a subscription does, for what takes over to do the same.</summary>
    /// <exception cref="StoreUnavailableException">
    /// Another generation of the view is taking over, or somebody else changes the letters all the time.
    /// </exception>
    public async Task Delete(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        await store.Define(Amendment.Schema, cancellation);
        foreach (var ofPartition in letters.GroupBy(letter => (letter.Queue, letter.Generation, letter.Partition)))
        {
            List<DeadLetter> together = [.. ofPartition];
            var partitions = await PartitionsOf(together[0], cancellation);
            for (var attempt = 1; !await TryDelete(together, partitions, cancellation); attempt++)
            {
                if (attempt == MaxAttempts)
                {
                    throw new StoreUnavailableException($"Others change the dead letters of {ofPartition.Key.Generation} all the time.");
                }
            }
        }
    }

    // A program that knows the subscription may run beside this one, or come back: of two an effect has one, and what waited
    // behind what is deleted goes on there.
    private async Task<bool> TryDelete(IReadOnlyList<DeadLetter> seen, int partitions, CancellationToken cancellation)
    {
        var (queue, generation) = (seen[0].Queue, seen[0].Generation);
        var checkpoint = new SubscriptionCheckpoint(seen[0].Partition, store);
        await checkpoint.Read(generation, table: null, cancellation);
        if (ClosedCheckpoint.IsClosed(checkpoint.Position))
        {
            throw new StoreUnavailableException($"What comes after {generation} is taking over, with dead letters of its own.");
        }

        var (writing, reading) = (new DeadLetterWriting(queue, checkpoint, time), new DeadLetterReading(queue, checkpoint, store));
        List<DeadLetter> letters = [.. (await Task.WhenAll(seen.Select(l => reading.Find(l.Id, cancellation)))).OfType<DeadLetter>()];
        var changes = new List<DocumentChange>(letters.Select(DeadLetterWriting.Delete));
        foreach (var head in letters.Where(letter => letter.HeadOf is not null))
        {
            var line = await reading.Line(head.Stream, letters.Count + 1, cancellation);
            changes.AddRange(line.ExceptBy(letters.Select(l => l.Id), l => l.Id).Take(1).Select(writing.First).Select(DeadLetterWriting.Put));
        }

        try
        {
            await new AmendmentWriting(queue, partitions, checkpoint, store, time).Stay(letters, handled: false, changes, cancellation);
            letters.ForEach(letter => LogDeleted(letter.Id, letter.Type, letter.Stream.ToString(), letter.Version));
            return true;
        }
        catch (CheckpointMovedException e)
        {
            LogAgain(e, generation);
            return false;
        }
    }

    private async Task<int> PartitionsOf(DeadLetter letter, CancellationToken cancellation)
    {
        var live = (await new GenerationTable(store).Find(Amendment.ReaderOf(letter.Queue), cancellation))?.Live;
        return live?.CheckpointName == letter.Generation ? live.Partitions : 0;
    }

    [LoggerMessage(LogLevel.Debug, "Somebody else has changed the dead letters of {Generation}; they are looked at again")]
    private partial void LogAgain(Exception e, string generation);

    [LoggerMessage(LogLevel.Warning, "The dead letter {Id} was deleted: {Type} of {Stream}, version {Version}; its subscription is not registered any more")]
    private partial void LogDeleted(string id, string type, string stream, long version);
}
