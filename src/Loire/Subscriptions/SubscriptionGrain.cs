using System.Globalization;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Monitoring;
using Loire.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Loire.Subscriptions;

/// <summary>
/// Keeps one partition of one subscription going. Batches come over a stream, which may lose, repeat or reorder them: the
/// checkpoint tells, and the log repairs. Nothing is skipped: what fails is tried again, with back-off.
/// </summary>
[ImplicitStreamSubscription(SubscriptionBatch.StreamNamespace)]
internal sealed partial class SubscriptionGrain(
    SubscriptionRegistry registry,
    EventCatalog catalog,
    IEventLog log,
    IViewStore store,
    SubscriptionStarts starts,
    SubscriptionMonitor monitor,
    TimeProvider time,
    HostStop stop,
    IOptions<SubscriptionOptions> options,
    ILogger<SubscriptionGrain> logger)
    : Grain, ISubscriptionGrain, IDeadLetterGrain, IStreamSubscriptionObserver, IAsyncObserver<SubscriptionBatch>
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PositionWaiters _waiters = new(capacity: 10_000, time);
    private readonly CancellationTokenSource _deactivating = new();
    private Subscription _subscription = null!;
    private PartitionGauge _gauge = null!;
    private int _failures;
    private string? _lastError;
    private bool _stopped;
    private DateTimeOffset _retryAt;
    private DateTimeOffset _sliceEnds;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.LastIndexOf('/');
        var definition = registry.Get(key[..slash]);
        var partition = int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture);
        var policy = definition.Failures ?? options.Value.Failures;
        _subscription = new Subscription(definition, partition, new SubscriptionParts(store, starts, time, options.Value, logger), policy);
        _gauge = monitor.Watch(definition.Name, partition);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        monitor.Forget(_gauge);
        return _deactivating.CancelAsync();
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<SubscriptionBatch>().ResumeAsync(this);

    public async Task OnNextAsync(SubscriptionBatch item, StreamSequenceToken? token = null)
    {
        _gauge.Beat();
        if (time.GetUtcNow() < _retryAt)
        {
            return;
        }

        try
        {
            var handled = await InTurn(() => Handle(item));
            (_failures, _stopped) = (0, false);
            _gauge.Enter(_subscription.Paused ? SubscriptionMode.Paused : SubscriptionMode.Running);
            if (handled)
            {
                _gauge.Moved(_subscription.Position, events: 0);
                SetRetries();
            }
            else
            {
                _gauge.Waits(_subscription.Generations?.Waiting);
            }
        }
        catch (Exception e) when (stop.Explains(e))
        {
            LogCutOff(e, _subscription.Key, _subscription.Position);
        }
        catch (Exception e) when (!_deactivating.IsCancellationRequested)
        {
            Failed(e);
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        Failed(ex);
        return Task.CompletedTask;
    }

    public Task<SubscriptionStatus> Status() => Task.FromResult(new SubscriptionStatus(
        _subscription.Position, _failures, _lastError, _subscription.Paused, _stopped, _subscription.HeldBack));

    public async Task<bool> WaitUntil(long position, TimeSpan timeout)
    {
        if (_subscription.Position < position && !await _waiters.Wait(position, timeout))
        {
            return false;
        }

        if (_subscription.Persisted < position)
        {
            await InTurn(() => _subscription.Persisted < position ? _subscription.Persist() : Task.CompletedTask);
        }

        // Somebody else may have moved the checkpoint, and not yet so far.
        return _subscription.Persisted >= position;
    }

    public async Task<string?> Reached(long position, TimeSpan timeout) =>
        await WaitUntil(position, timeout) ? _subscription.CheckpointName : null;

    public async Task TakeOver(int generation)
    {
        var (definition, partition) = (_subscription.Definition, _subscription.Partition);
        var generations = _subscription.Generations ?? throw new InvalidOperationException($"{definition.Name} has no generations.");
        await _turn.WaitAsync(_deactivating.Token);
        try
        {
            // Whatever comes of it, the store knows which generation is the live one.
            _subscription.Close();
            await generations.CatchUp(generation, _subscription.Position, _deactivating.Token);
            await (partition + 1 < definition.Partitions
                ? GrainFactory.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(definition.Name, partition + 1)).TakeOver(generation)
                : generations.Switch(generation, _deactivating.Token));
            await OpenAnd(() => Task.CompletedTask);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Does something when nothing else is being done to the subscription. If it finds that somebody else has moved the
    /// checkpoint, it looks where that is now and does it again, once.
    /// </summary>
    /// <returns><see langword="false"/> when it could not be done, because the subscription cannot handle events now.</returns>
    private async Task<bool> InTurn(Func<Task> work)
    {
        await _turn.WaitAsync(_deactivating.Token);
        try
        {
            try
            {
                return await OpenAnd(work);
            }
            catch (CheckpointMovedException e)
            {
                LogMoved(e, _subscription.Key);
                _subscription.Close();
                return await OpenAnd(work);
            }
        }
        catch (CheckpointMovedException)
        {
            _subscription.Close();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> OpenAnd(Func<Task> work)
    {
        if (!await _subscription.Open(_deactivating.Token))
        {
            return false;
        }

        // Where it begins may be all that somebody waits for; if nothing is appended, no batch will say so.
        _waiters.Reached(_subscription.Position);
        await work();
        return true;
    }

    private void Failed(Exception e)
    {
        _failures++;
        _lastError = e.Message;
        _stopped = e is SubscriptionStoppedException;
        _gauge.Failed(e.Message);
        _gauge.Enter(_stopped ? SubscriptionMode.Stopped : SubscriptionMode.Running);
        var delay = TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, _failures), options.Value.MaxRetryDelay.TotalMilliseconds));
        _retryAt = time.GetUtcNow() + delay;
        LogFailure(e, _subscription.Key, _subscription.Position, _failures, delay);
    }

    [LoggerMessage(LogLevel.Debug, "The host stops while {Subscription} handles what comes after position {Position}")]
    private partial void LogCutOff(Exception e, string subscription, long position);

    [LoggerMessage(LogLevel.Information, "{Subscription} looks again where its checkpoint is")]
    private partial void LogMoved(Exception e, string subscription);

    [LoggerMessage(LogLevel.Warning, "{Subscription} failed after position {Position} (attempt {Attempt}); next attempt in {Delay}")]
    private partial void LogFailure(Exception e, string subscription, long position, int attempt, TimeSpan delay);
}
