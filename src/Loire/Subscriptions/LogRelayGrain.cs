using System.Collections.Immutable;
using Loire.EventLog;
using Loire.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Loire.Subscriptions;

/// <summary>Tails the log and sends what it finds to the subscriptions. There is one, with key 0.</summary>
[Alias("loire.log-relay")]
public interface ILogRelayGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the relay runs.</summary>
    /// <returns>When it last went round its loop.</returns>
    [AlwaysInterleave]
    [Alias("heartbeat")]
    Task<DateTimeOffset> Heartbeat();
}

/// <inheritdoc cref="ILogRelayGrain"/>
[KeepAlive]
internal sealed partial class LogRelayGrain(
    SubscriptionRegistry registry,
    IEventLog log,
    TimeProvider time,
    HostStop stop,
    IOptions<SubscriptionOptions> options,
    ILogger<LogRelayGrain> logger) : Grain, ILogRelayGrain
{
    private readonly CancellationTokenSource _deactivating = new();
    private Outlet[] _outlets = [];
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _heartbeat;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var provider = this.GetStreamProvider(SubscriptionBatch.StreamProvider);
        _outlets = [.. registry.All.SelectMany(s => Enumerable.Range(0, s.Partitions).Select(p => new Outlet(s, p, provider)))];
        _heartbeat = time.GetUtcNow();
        _running = Run();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _running.WaitAsync(cancellationToken);
        _deactivating.Dispose();
    }

    public Task<DateTimeOffset> Heartbeat() => Task.FromResult(_heartbeat);

    private async Task Run()
    {
        await Task.Yield();
        var position = log.Head;
        Publish(position, position, []);
        while (!_deactivating.IsCancellationRequested)
        {
            try
            {
                await log.WaitBeyond(position, _deactivating.Token).WaitAsync(options.Value.Heartbeat, time, _deactivating.Token);
                var through = await Relay(position);
                await Task.Delay(Pause(through - position), time, _deactivating.Token);
                position = through;
            }
            catch (TimeoutException)
            {
                Publish(position, position, []);
            }
            catch (OperationCanceledException) when (_deactivating.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, without the relay every view would stand still.
                LogFailure(e, position);
                await Task.Delay(options.Value.Heartbeat, time);
            }

            _heartbeat = time.GetUtcNow();
        }
    }

    // Under load batches grow, so that views write a document once for many events.
    private TimeSpan Pause(long events) => TimeSpan.FromMicroseconds(Math.Clamp(
        50 * events, options.Value.RelayInterval.TotalMicroseconds, options.Value.MaxRelayInterval.TotalMicroseconds));

    private async Task<long> Relay(long after)
    {
        var page = await log.ReadAll(after, LogFilter.All, options.Value.BatchSize, _deactivating.Token);
        Publish(after, page.Through, page.Events);
        return page.Through;
    }

    private void Publish(long from, long through, IReadOnlyList<RecordedEvent> events)
    {
        foreach (var outlet in _outlets)
        {
            outlet.Publish(from, through, events, stop, logger);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The relay failed after position {Position}; it goes on trying")]
    private partial void LogFailure(Exception e, long position);

    /// <summary>
    /// The stream to one partition of a subscription. While the stream is still taking a batch, those after it are left out:
    /// the subscription notices the gap and reads them from the log.
    /// </summary>
    private sealed partial class Outlet(SubscriptionDefinition subscription, int partition, IStreamProvider provider)
    {
        private readonly string _key = SubscriptionBatch.KeyOf(subscription.Name, partition);
        private readonly IAsyncStream<SubscriptionBatch> _stream = provider.GetStream<SubscriptionBatch>(
            StreamId.Create(SubscriptionBatch.StreamNamespace, SubscriptionBatch.KeyOf(subscription.Name, partition)));

        private Task _sending = Task.CompletedTask;

        public void Publish(long from, long through, IReadOnlyList<RecordedEvent> events, HostStop stop, ILogger logger)
        {
            if (_sending.IsCompleted)
            {
                ImmutableArray<RecordedEvent> wanted = [.. events.Where(e => subscription.Wants(e, partition))];
                _sending = Send(new SubscriptionBatch(from, through, wanted), stop, logger);
            }
        }

        private async Task Send(SubscriptionBatch batch, HostStop stop, ILogger logger)
        {
            try
            {
                await _stream.OnNextAsync(batch);
            }
            catch (Exception e)
            {
                LogLost(logger, stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning, e, _key, batch.From, batch.Through);
            }
        }

        [LoggerMessage("The stream to {Subscription} lost positions {From} to {Through}; the log repairs it")]
        private static partial void LogLost(ILogger logger, LogLevel level, Exception e, string subscription, long from, long through);
    }
}
