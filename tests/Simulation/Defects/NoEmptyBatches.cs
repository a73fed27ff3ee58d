using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Loire.Simulation.Defects;

/// <summary>Keeps from the subscriptions what has no events for them: whoever has lost a batch never hears of it.</summary>
internal sealed class NoEmptyBatches(IStreamProvider provider) : IStreamProvider
{
    public string Name => provider.Name;

    public bool IsRewindable => provider.IsRewindable;

    public static void Plant(IServiceCollection services)
    {
        var known = services.Last(s => s.ServiceType == typeof(IStreamProvider) && Equals(s.ServiceKey, SubscriptionBatch.StreamProvider));
        services.AddKeyedSingleton<IStreamProvider>(
            SubscriptionBatch.StreamProvider,
            (sp, key) => new NoEmptyBatches((IStreamProvider)known.KeyedImplementationFactory!(sp, key)));
    }

    public IAsyncStream<T> GetStream<T>(StreamId streamId) =>
        System.Reflection.DispatchProxy.Create<IAsyncStream<T>, Silenced<T>>() is var stream && stream is Silenced<T> silenced
            ? silenced.Around(provider.GetStream<T>(streamId))
            : throw new InvalidOperationException("A proxy is what it was made as.");

    internal class Silenced<T> : System.Reflection.DispatchProxy
    {
        private IAsyncStream<T> _stream = null!;

        public IAsyncStream<T> Around(IAsyncStream<T> stream)
        {
            _stream = stream;
            return (IAsyncStream<T>)(object)this;
        }

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IAsyncObserver<T>.OnNextAsync) && args![0] is SubscriptionBatch { Events.IsEmpty: true }
                ? Task.CompletedTask
                : targetMethod.Invoke(_stream, args);
    }
}
