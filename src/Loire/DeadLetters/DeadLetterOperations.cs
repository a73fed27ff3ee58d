using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <summary>Which dead letters to list. Every condition that is given must hold.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Name of the subscription.</summary>
    public string? Queue { get; init; }

    public DeadLetterState? State { get; init; }

    /// <summary>Type of the event's aggregate.</summary>
    public string? Aggregate { get; init; }

    /// <summary>Id of the event's aggregate.</summary>
    public string? AggregateId { get; init; }

    /// <summary>Type of the event.</summary>
    public string? Type { get; init; }

    /// <summary>Set aside not before this instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>1 to 1000.</summary>
    public int Limit { get; init; } = 20;

    public string? Cursor { get; init; }
}

/// <summary>Looks at dead letters and does something about them. What changes them is done by the grains that own them.</summary>
public sealed class DeadLetterOperations(
    IViewStore store,
    SubscriptionRegistry registry,
    DeadLetterCounts counts,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<DeadLetterOperations> logger)
{
    private readonly OrphanLetters _orphans = new(store, time, logger);

    /// <summary>Dead letters in order of their ids: by subscription, partition and position.</summary>
    /// <exception cref="InvalidCursorException">The cursor belongs to another query.</exception>
    public async Task<(IReadOnlyList<DeadLetter> Items, long Total, string? Next)> List(
        DeadLetterQuery query, CancellationToken cancellation = default)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        var live = await LiveLetters.Conditions(store, cancellation);
        var page = await store.Query(DeadLetter.Schema, ToView(query, live), cancellation);
        return ([.. page.Items.Select(DeadLetterWriting.Read)], page.Total!.Value, page.Next);
    }

    public async Task<DeadLetter?> Find(string id, CancellationToken cancellation = default)
    {
        await store.Define(DeadLetter.Schema, cancellation);
        return await store.Find(DeadLetter.Schema, id, cancellation) is { } document
            && DeadLetterWriting.Read(document) is var letter
            && await LiveLetters.Has(store, letter, cancellation)
                ? letter
                : null;
    }

    /// <summary>What was decided about events of a subscription, in their order; of all versions of a view.</summary>
    /// <exception cref="InvalidCursorException">The cursor belongs to another query.</exception>
    public async Task<(IReadOnlyList<Amendment> Items, long Total, string? Next)> Amendments(
        string queue, int limit, string? cursor, CancellationToken cancellation = default)
    {
        await store.Define(Amendment.Schema, cancellation);
        var query = new ViewQuery
        {
            Conditions = [Amendment.Where("reader", Comparison.Equal, Amendment.ReaderOf(queue))], Limit = limit, Cursor = cursor,
        };
        var page = await store.Query(Amendment.Schema, query, cancellation);
        return ([.. page.Items.Select(AmendmentWriting.Read)], page.Total!.Value, page.Next);
    }

    /// <inheritdoc cref="IDeadLetterGrain.Retry"/>
    public Task<DeadLetterReply> Retry(string id) => AtOwner(id, owner => owner.Retry(id), NobodyLeft);

    /// <inheritdoc cref="IDeadLetterGrain.Edit"/>
    public Task<DeadLetterReply> Edit(string id, ReadOnlyMemory<byte> data, string by) =>
        AtOwner(id, owner => owner.Edit(id, data, by), NobodyLeft);

    /// <inheritdoc cref="IDeadLetterGrain.Delete"/>
    public Task<DeadLetterReply> Delete(string id) => AtOwner(id, owner => owner.Delete(id), async letter =>
    {
        await _orphans.Delete([letter], CancellationToken.None);
        return new DeadLetterReply.Done();
    });

    /// <summary>Tries all that are not waiting, of one subscription or of all.</summary>
    /// <param name="queue">Name of the subscription; of all that have any, if it is not given.</param>
    public async Task<RetryReport> RetryAll(string? queue)
    {
        var report = RetryReport.None;
        foreach (var subscription in (await Queues(queue)).Select(Registered).OfType<SubscriptionDefinition>())
        {
            foreach (var owner in OwnersOf(subscription))
            {
                report += await owner.RetryAll();
            }
        }

        return report;
    }

    /// <summary>Decides that events are never handled, of one subscription or of all.</summary>
    /// <param name="queue">Name of the subscription; of all that have any, if it is not given.</param>
    /// <param name="before">Only those that were set aside before this instant.</param>
    public async Task<PurgeReport> DeleteAll(string? queue, DateTimeOffset? before)
    {
        var (deleted, moreLeft) = (0, false);
        foreach (var name in await Queues(queue))
        {
            var reports = Registered(name) is { } subscription
                ? OwnersOf(subscription).Select(owner => owner.DeleteAll(before))
                : [DeleteOrphans(name, before)];
            foreach (var report in await Task.WhenAll(reports))
            {
                (deleted, moreLeft) = (deleted + report.Deleted, moreLeft | report.MoreLeft);
            }
        }

        return new PurgeReport(deleted, moreLeft);
    }

    /// <inheritdoc cref="IDeadLetterGrain.Withdraw"/>
    public async Task<DeadLetterReply> Withdraw(SubscriptionDefinition subscription, long position, string? by)
    {
        var replies = await Task.WhenAll(OwnersOf(subscription).Select(owner => owner.Withdraw(position, by)));
        return replies.FirstOrDefault(reply => reply is DeadLetterReply.Done) ?? new DeadLetterReply.NotFound();
    }

    private async Task<DeadLetterReply> AtOwner(
        string id, Func<IDeadLetterGrain, Task<DeadLetterReply>> ask, Func<DeadLetter, Task<DeadLetterReply>> otherwise)
    {
        if (await Find(id) is not { } letter)
        {
            return new DeadLetterReply.NotFound();
        }

        return Registered(letter.Queue) is { } subscription && letter.Partition < subscription.Partitions
            ? await ask(grains.GetGrain<IDeadLetterGrain>(SubscriptionBatch.KeyOf(letter.Queue, letter.Partition)))
            : await otherwise(letter);
    }

    private static Task<DeadLetterReply> NobodyLeft(DeadLetter letter) => Task.FromResult<DeadLetterReply>(
        new DeadLetterReply.WrongState($"There is no subscription '{letter.Queue}' any more that could handle it."));

    // The subscription may be of an older version: nobody else changes its letters.
    private async Task<PurgeReport> DeleteOrphans(string queue, DateTimeOffset? before)
    {
        var query = ToView(new DeadLetterQuery { Queue = queue, Limit = OrphanLetters.MaxTogether }, await LiveLetters.Conditions(store, CancellationToken.None));
        var old = before is { } instant ? [DeadLetter.Where("createdAt", Comparison.Less, QueryText.Text(instant))] : Array.Empty<ViewCondition>();
        var page = await store.Query(DeadLetter.Schema, query with { Conditions = [.. query.Conditions, .. old], CountTotal = false });
        await _orphans.Delete([.. page.Items.Select(DeadLetterWriting.Read)], CancellationToken.None);
        return new PurgeReport(page.Items.Count, page.Next is not null);
    }

    private async Task<IEnumerable<string>> Queues(string? queue) => queue is null ? (await counts.Read()).Select(c => c.Queue) : [queue];

    private SubscriptionDefinition? Registered(string queue) => registry.All.FirstOrDefault(s => s.Name == queue);

    private IEnumerable<IDeadLetterGrain> OwnersOf(SubscriptionDefinition subscription) => Enumerable.Range(0, subscription.Partitions)
        .Select(partition => grains.GetGrain<IDeadLetterGrain>(SubscriptionBatch.KeyOf(subscription.Name, partition)));

    private static ViewQuery ToView(DeadLetterQuery query, ViewCondition[] live) => new()
    {
        Conditions =
        [
            .. Equal("queue", query.Queue),
            .. Equal("state", query.State is { } state ? DeadLetter.NameOf(state) : null),
            .. Equal("aggregate", query.Aggregate),
            .. Equal("aggregateId", query.AggregateId),
            .. Equal("type", query.Type),
            .. live,
            .. query.Since is { } since ? [DeadLetter.Where("createdAt", Comparison.GreaterOrEqual, QueryText.Text(since))] : Array.Empty<ViewCondition>(),
        ],
        Limit = query.Limit,
        Cursor = query.Cursor,
    };

    private static IEnumerable<ViewCondition> Equal(string field, string? value) =>
        value is null ? [] : [DeadLetter.Where(field, Comparison.Equal, value)];
}
