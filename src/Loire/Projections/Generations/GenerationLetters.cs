using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.Projections;

/// <summary>The dead letters of a generation, of all its partitions.</summary>
internal sealed partial class GenerationLetters(IViewStore store, ILogger logger)
{
    private const int Together = 1_000;

    private static readonly CheckpointMove Still = new("dead-letters/orphans", Partition: 0, From: 0, To: 0);

    private readonly ILogger _logger = logger;

    /// <summary>
    /// Removes those of a generation that is not live, and never will be again. It is closed first, so that nobody who still
    /// fills it can write more of them.
    /// </summary>
    /// <exception cref="GenerationMovedException">Somebody does. To be tried again.</exception>
    public async Task Drop(Generation retired, CancellationToken cancellation)
    {
        for (var partition = 0; partition < retired.Partitions; partition++)
        {
            await Close(retired.CheckpointName, partition, cancellation);
        }

        await Remove(retired, cancellation);
    }

    /// <summary>Removes those that nobody can write any more.</summary>
    public async Task Remove(Generation retired, CancellationToken cancellation)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        var removed = 0;
        var query = Of(retired.Queue, retired.CheckpointName) with { Limit = Together };
        do
        {
            var page = await store.Query(DeadLetter.Schema, query, cancellation);
            if (page.Items.Count > 0
                && !await store.Commit(Still, [.. page.Items.Select(letter => new DocumentChange.Delete(DeadLetter.Schema, letter.Id))]))
            {
                throw new StoreUnavailableException($"{Still.Subscription} has a checkpoint, which it should not.");
            }

            removed += page.Items.Count;
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        if (removed > 0)
        {
            LogRemoved(removed, retired.CheckpointName);
        }
    }

    private async Task Close(string generation, int partition, CancellationToken cancellation)
    {
        try
        {
            await SubscriptionCheckpoint.Close(generation, partition, store, cancellation);
        }
        catch (CheckpointMovedException e)
        {
            throw new GenerationMovedException(e.Message);
        }
    }

    /// <summary>Those of one generation, in order of partitions and positions, not counted.</summary>
    public static ViewQuery Of(string queue, string generation) => DeadLetter.Within(generation) with
    {
        Conditions =
        [
            DeadLetter.Where("queue", Comparison.Equal, queue),
            DeadLetter.Where("generation", Comparison.Equal, generation),
        ],
    };

    [LoggerMessage(LogLevel.Warning, "{Count} dead letters of the generation {Generation} are let go of: it is not the live one, which has handled their events or has letters of its own")]
    private partial void LogRemoved(int count, string generation);
}
