using Orleans.Streams;
using Orleans.Streams.Core;

namespace Loire.Engine.ContractTests.Streams;

public interface IConsumerGrain : IGrainWithStringKey
{
    Task End();
}

[ImplicitStreamSubscription("numbers")]
public sealed class ConsumerGrain(Signals signals) : Grain, IConsumerGrain, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    private int _failures;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        signals.Report("subscribed", handleFactory.StreamId.GetKeyAsString());
        await handleFactory.Create<int>().ResumeAsync(this);
    }

    public async Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        await Task.Yield();
        if (item < 0 && ++_failures <= 2)
        {
            signals.Report("failed", item);
            throw new InvalidOperationException("not yet");
        }

        if (item == 0)
        {
            signals.Set("blocked");
            await signals.Wait("unblock");
        }

        signals.Report(this.GetPrimaryKeyString(), item);
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface ISubscriberGrain : IGrainWithStringKey
{
    Task Subscribe(string key);

    Task Unsubscribe();
}

public sealed class SubscriberGrain(Signals signals) : Grain, ISubscriberGrain, IAsyncObserver<int>
{
    private StreamSubscriptionHandle<int>? _subscription;

    public async Task Subscribe(string key) =>
        _subscription = await this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("others", key)).SubscribeAsync(this);

    public Task Unsubscribe() => _subscription!.UnsubscribeAsync();

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        signals.Report(this.GetPrimaryKeyString(), item);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
