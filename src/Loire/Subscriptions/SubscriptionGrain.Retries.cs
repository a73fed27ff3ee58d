namespace Loire.Subscriptions;

/// <content>When what was set aside is tried again: with each batch, and at the time that it is due.</content>
internal sealed partial class SubscriptionGrain
{
    // However soon it is due, or however much is: others get in between.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    private IGrainTimer? _retries;
    private DateTimeOffset? _retriesDue;

    // Where nothing is due there is no timer.
    private void SetRetries()
    {
        var due = _subscription.Paused ? null : _subscription.Letters.NextDue;
        if (due == _retriesDue)
        {
            return;
        }

        _retries?.Dispose();
        (_retries, _retriesDue) = (null, due);
        if (due is { } at)
        {
            var wait = at - time.GetUtcNow();
            _retries = this.RegisterGrainTimer(
                _ => RetryInTime(),
                new GrainTimerCreationOptions(wait > ShortestPause ? wait : ShortestPause, Timeout.InfiniteTimeSpan));
        }
    }

    // What is left then, or has failed again, sets the timer again. What fails for another reason waits for the next batch.
    private async Task RetryInTime()
    {
        _retriesDue = null;
        try
        {
            await OnNextAsync(new SubscriptionBatch(_subscription.Position, _subscription.Position, []));
        }
        catch (OperationCanceledException e) when (_deactivating.IsCancellationRequested)
        {
            LogCutOff(e, _subscription.Key, _subscription.Position);
        }
    }
}
