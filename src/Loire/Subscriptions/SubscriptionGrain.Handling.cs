using Loire.EventLog;

namespace Loire.Subscriptions;

/// <content>What becomes of a batch.</content>
internal sealed partial class SubscriptionGrain
{
    private async Task Handle(SubscriptionBatch batch)
    {
        if (_subscription.Paused)
        {
            return;
        }

        _sliceEnds = time.GetUtcNow() + options.Value.CatchUpSlice;
        await _subscription.Letters.RetryDue(time.GetUtcNow() + options.Value.RetrySlice, _deactivating.Token);
        if (batch.From > _subscription.Position)
        {
            await CatchUp(batch.Through);
        }
        else if (SeveralWaitBehind(batch))
        {
            await CatchUp(log.Head);
        }
        else if (batch.Through > _subscription.Position)
        {
            await Advance([.. batch.Events.Where(e => e.Position > _subscription.Position)], batch.Through);
        }
    }

    // Small batches that are handled more slowly than they come: one page of the log is one commit in place of many. Not for
    // views: commands wait for large commits of documents, and they go first.
    private bool SeveralWaitBehind(SubscriptionBatch batch)
    {
        var span = batch.Through - batch.From;
        return _subscription.Generations is null && batch.Through > _subscription.Position
            && span > 0 && span < options.Value.BatchSize / 2 && log.Head - batch.Through > 2 * span;
    }

    private async Task CatchUp(long through)
    {
        var filter = _subscription.Definition.FilterOf(_subscription.Partition);
        while (_subscription.Position < through && time.GetUtcNow() < _sliceEnds)
        {
            var page = await log.ReadAll(_subscription.Position, filter, options.Value.BatchSize, _deactivating.Token);
            await Advance([.. page.Events.Where(e => _subscription.Definition.Wants(e, _subscription.Partition))], page.Through);
        }
    }

    private async Task Advance(IReadOnlyList<RecordedEvent> events, long through)
    {
        var size = _subscription.Definition.BatchSize ?? int.MaxValue;
        var parts = events.Chunk(Math.Min(size, Math.Max(1, events.Count))).DefaultIfEmpty([]).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0 && time.GetUtcNow() >= _sliceEnds)
            {
                // What is left is read from the log when the next batch comes.
                return;
            }

            var to = i < parts.Count - 1 ? parts[i][^1].Position : through;
            await _subscription.Advance(parts[i], to, Reached, _deactivating.Token);
        }
    }

    private void Reached(long position, int events)
    {
        _gauge.Moved(position, events);
        _waiters.Reached(position);
    }
}
