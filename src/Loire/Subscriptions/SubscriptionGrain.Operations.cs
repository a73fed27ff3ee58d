using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Monitoring;

namespace Loire.Subscriptions;

/// <content>What people ask of a subscription.</content>
internal sealed partial class SubscriptionGrain
{
    // Well within the time that a grain call may take.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    private DateTimeOffset SliceEnd => time.GetUtcNow() + Slice;

    public Task Pause() => Asked(async () =>
    {
        await _subscription.Pause(true);
        (_failures, _stopped, _retryAt) = (0, false, default);
        _gauge.Moved(_subscription.Position, events: 0);
        _gauge.Enter(SubscriptionMode.Paused);
        return true;
    });

    public Task Resume() => Asked(async () =>
    {
        await _subscription.Pause(false);
        _retryAt = default;
        _gauge.Enter(SubscriptionMode.Running);
        return true;
    });

    public Task<DeadLetterReply> Retry(string id) => Asked(() => _subscription.Letters.Retry(id, SliceEnd, _deactivating.Token));

    public Task<RetryReport> RetryAll() => Asked(() => _subscription.Letters.RetryAll(SliceEnd, _deactivating.Token));

    public Task<DeadLetterReply> Edit(string id, ReadOnlyMemory<byte> data, string by) =>
        Asked(() => _subscription.Letters.Edit(id, data, by, catalog, _deactivating.Token));

    public Task<DeadLetterReply> Delete(string id) => Asked(() => _subscription.Letters.Delete(id, _deactivating.Token));

    public Task<DeadLetterReply> Withdraw(long position, string? by) =>
        Asked(() => _subscription.Letters.Withdraw(position, by, _deactivating.Token));

    public Task<PurgeReport> DeleteAll(DateTimeOffset? before) =>
        Asked(() => _subscription.Letters.DeleteAll(before, SliceEnd, _deactivating.Token));

    /// <exception cref="StoreUnavailableException">
    /// It cannot be done now: a view is being filled anew, somebody else keeps moving the checkpoint, the silo stops, or what a
    /// handler needs is not to be had.
    /// </exception>
    private async Task<T> Asked<T>(Func<Task<T>> work)
    {
        T? answer = default;
        try
        {
            if (!await InTurn(async () => answer = await work()))
            {
                throw new StoreUnavailableException(_subscription.Generations?.Waiting ?? "The subscription waits.");
            }
        }
        catch (CheckpointMovedException e)
        {
            throw new StoreUnavailableException("Another silo is taking the subscription over.", e);
        }
        catch (Exception e) when (e is EventFailedException or AggregateException && Outage.Explains(e))
        {
            // The event is not to blame, so nothing is said against it.
            throw new StoreUnavailableException($"The subscription cannot handle events now. {e.Message}", e);
        }

        SetRetries();
        return answer!;
    }
}
