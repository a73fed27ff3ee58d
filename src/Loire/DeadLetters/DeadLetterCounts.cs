using Loire.EventLog.Views;

namespace Loire.DeadLetters;

/// <summary>How many dead letters a subscription has.</summary>
/// <param name="Queue">The subscription.</param>
/// <param name="Retrying">Events that are tried again by themselves.</param>
/// <param name="Parked">Events that wait for somebody to look at them.</param>
/// <param name="Waiting">Events that wait for an earlier one of their aggregate.</param>
/// <param name="Skipped">Records of events that were given up.</param>
/// <param name="LastMinute">Those of all of them that were set aside in the last minute.</param>
public sealed record DeadLetterCount(string Queue, long Retrying, long Parked, long Waiting, long Skipped, long LastMinute)
{
    /// <summary>Events that are still to be handled.</summary>
    public long Unhandled => Retrying + Parked + Waiting;
}

/// <summary>Counts dead letters, without calling the subscriptions. Whoever asks within a second of another shares the answer.</summary>
public sealed class DeadLetterCounts(IViewStore store, TimeProvider time)
{
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<DeadLetterCount>>? _reading;
    private long _begun;

    /// <summary>What was counted last; empty before anybody asked.</summary>
    public IReadOnlyList<DeadLetterCount> Latest { get; private set; } = [];

    /// <returns>The subscriptions that have any, by name.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">The store cannot be asked.</exception>
    public Task<IReadOnlyList<DeadLetterCount>> Read()
    {
        lock (_gate)
        {
            var fresh = _reading is { IsCompleted: false } || (_reading is { IsCompletedSuccessfully: true } && time.GetElapsedTime(_begun) < Shared);
            if (!fresh)
            {
                _begun = time.GetTimestamp();
                _reading = ReadNow();
            }

            return _reading!;
        }
    }

    private async Task<IReadOnlyList<DeadLetterCount>> ReadNow()
    {
        await store.Define(DeadLetter.Schema);
        var live = await LiveLetters.Conditions(store, CancellationToken.None);
        List<DeadLetterCount> counts = [];
        for (var queue = await After("", live); queue is not null; queue = await After(queue, live))
        {
            counts.Add(await Of(queue, live));
        }

        return Latest = counts;
    }

    private async Task<string?> After(string queue, ViewCondition[] live)
    {
        var page = await store.Query(DeadLetter.Schema, new ViewQuery
        {
            Conditions = [DeadLetter.Where("queue", Comparison.Greater, queue), .. live],
            Sort = DeadLetter.Schema.Field("queue"),
            Limit = 1,
            CountTotal = false,
        });
        return page.Items is [var first] ? DeadLetterWriting.Read(first).Queue : null;
    }

    private async Task<DeadLetterCount> Of(string queue, ViewCondition[] live)
    {
        var minuteAgo = Queries.QueryText.Text(time.GetUtcNow() - TimeSpan.FromMinutes(1));
        return new DeadLetterCount(
            queue,
            await In(DeadLetterState.Retrying),
            await In(DeadLetterState.Parked),
            await In(DeadLetterState.Waiting),
            await In(DeadLetterState.Skipped),
            await Count(DeadLetter.Where("createdAt", Comparison.GreaterOrEqual, minuteAgo)));

        Task<long> In(DeadLetterState state) => Count(DeadLetter.Where("state", Comparison.Equal, DeadLetter.NameOf(state)));

        async Task<long> Count(ViewCondition condition) => (await store.Query(DeadLetter.Schema, new ViewQuery
        {
            Conditions = [DeadLetter.Where("queue", Comparison.Equal, queue), condition, .. live],
            Limit = 1,
        })).Total!.Value;
    }
}
