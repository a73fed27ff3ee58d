using Orleans.Streams;

namespace Loire.Engine.ContractTests.Streams;

public interface IReaderGrain : IGrainWithStringKey
{
    Task Subscribe(string key);

    Task<int> Subscriptions(string key);

    Task Publish(string key, int item);

    Task End();
}

/// <summary>Subscribes by itself, takes its subscriptions up again, and reports what it gets.</summary>
public sealed class ReaderGrain(Signals signals) : Grain, IReaderGrain, IAsyncObserver<int>
{
    private StreamSequenceToken? _last;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in await Stream(this.GetPrimaryKeyString()).GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(this);
            signals.Set("resumed");
        }
    }

    public Task Subscribe(string key) => Stream(key).SubscribeAsync(this);

    public async Task<int> Subscriptions(string key) => (await Stream(key).GetAllSubscriptionHandles()).Count;

    public Task Publish(string key, int item) => Stream(key).OnNextAsync(item);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        signals.Report("context", RequestContext.Get("tenant") as string ?? "none");
        signals.Report("in turn", TaskScheduler.Current != TaskScheduler.Default);
        signals.Report("newer", token is not null && (_last is null || token.CompareTo(_last) > 0));
        signals.Report(this.GetPrimaryKeyString(), item);
        _last = token;
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private IAsyncStream<int> Stream(string key) =>
        this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("read", key));
}
