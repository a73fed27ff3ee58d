using Orleans.Streams;
using Orleans.Streams.Core;

namespace Loire.Engine.ContractTests.Streams;

public interface IBatchGrain : IGrainWithStringKey
{
    Task Subscribe(string key);

    Task SubscribeBatches(string key);

    Task SubscribeFrom(string key, long sequenceNumber);

    Task Unsubscribe(string key);

    Task End();
}

/// <summary>Subscribes in the other ways there are: for batches, and with delegates; resumes with delegates.</summary>
public sealed class BatchGrain(Signals signals) : Grain, IBatchGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        foreach (var handle in await Stream(key).GetAllSubscriptionHandles())
        {
            await (key.StartsWith("batches", StringComparison.Ordinal)
                ? handle.ResumeAsync(Report)
                : handle.ResumeAsync((item, _) => Report(item)));
            signals.Set("resumed");
        }
    }

    public Task Subscribe(string key) => Stream(key).SubscribeAsync((item, _) => Report(item));

    public Task SubscribeBatches(string key) => Stream(key).SubscribeAsync(Report);

    public Task SubscribeFrom(string key, long sequenceNumber) => Stream(key).SubscribeAsync(
        (item, _) => Report(item), new Orleans.Providers.Streams.Common.EventSequenceToken(sequenceNumber));

    public async Task Unsubscribe(string key)
    {
        foreach (var handle in await Stream(key).GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Report(int item)
    {
        signals.Report(this.GetPrimaryKeyString(), item);
        return Task.CompletedTask;
    }

    private Task Report(IList<SequentialItem<int>> items)
    {
        signals.Report(this.GetPrimaryKeyString(), items);
        return Task.CompletedTask;
    }

    private IAsyncStream<int> Stream(string key) =>
        this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("batched", key));
}

/// <summary>Is subscribed by its attribute and takes batches. It fails twice on a batch that begins with a negative number.</summary>
[ImplicitStreamSubscription("implicit-batches")]
public sealed class BatchConsumerGrain(Signals signals) : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncBatchObserver<int>
{
    private int _failures;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<int>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<int>> items)
    {
        if (items[0].Item < 0 && ++_failures <= 2)
        {
            signals.Report("failed", items);
            throw new InvalidOperationException("not yet");
        }

        signals.Report(this.GetPrimaryKeyString(), items);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
