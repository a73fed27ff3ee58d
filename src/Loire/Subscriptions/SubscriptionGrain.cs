using System.Globalization;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Monitoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Loire.Subscriptions;

/// <summary>
/// Handles one partition of one subscription. Batches come over a stream, which may lose, repeat or reorder them: the
/// checkpoint tells, and the log repairs. Nothing is skipped: what fails is tried again, on the heartbeat, with back-off.
/// </summary>
[ImplicitStreamSubscription(SubscriptionBatch.StreamNamespace)]
internal sealed partial class SubscriptionGrain(
    SubscriptionRegistry registry,
    IEventLog log,
    IViewStore store,
    SubscriptionStarts starts,
    SubscriptionMonitor monitor,
    TimeProvider time,
    HostStop stop,
    IOptions<SubscriptionOptions> options,
    ILogger<SubscriptionGrain> logger)
    : Grain, ISubscriptionGrain, IStreamSubscriptionObserver, IAsyncObserver<SubscriptionBatch>
{
    private readonly SemaphoreSlim _checkpointTurn = new(1, 1);
    private readonly PositionWaiters _waiters = new(capacity: 10_000, time);
    private readonly CancellationTokenSource _deactivating = new();
    private SubscriptionDefinition _subscription = null!;
    private ISubscriptionHandler _handler = null!;
    private PartitionGauge _gauge = null!;
    private IGenerationHandler? _generations;
    private int _partition;
    private bool _opened;
    private long _position;
    private long _checkpoint;
    private int _failures;
    private string? _lastError;
    private DateTimeOffset _retryAt;
    private DateTimeOffset _sliceEnds;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.LastIndexOf('/');
        _subscription = registry.Get(key[..slash]);
        _handler = _subscription.NewHandler();
        _partition = int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture);
        _gauge = monitor.Watch(_subscription.Name, _partition);
        _generations = _handler as IGenerationHandler;
        _generations?.Assign(_partition);
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

        await _checkpointTurn.WaitAsync(_deactivating.Token);
        _sliceEnds = time.GetUtcNow() + options.Value.CatchUpSlice;
        try
        {
            if (await Open())
            {
                await Handle(item);
            }

            _failures = 0;
            _gauge.Moved(_position, events: 0);
        }
        catch (Exception e) when (stop.Explains(e))
        {
            LogCutOff(e, this.GetPrimaryKeyString(), _position);
        }
        catch (Exception e) when (!_deactivating.IsCancellationRequested)
        {
            Failed(e);
        }
        finally
        {
            _checkpointTurn.Release();
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        Failed(ex);
        return Task.CompletedTask;
    }

    public Task<SubscriptionStatus> Status() => Task.FromResult(new SubscriptionStatus(_position, _failures, _lastError));

    public async Task<bool> WaitUntil(long position, TimeSpan timeout)
    {
        if (_position < position && !await _waiters.Wait(position, timeout))
        {
            return false;
        }

        return await Persist(position);
    }

    public async Task<string?> Reached(long position, TimeSpan timeout) => await WaitUntil(position, timeout) ? CheckpointName : null;

    public async Task TakeOver(int generation)
    {
        var generations = _generations ?? throw new InvalidOperationException($"{_subscription.Name} has no generations.");
        await _checkpointTurn.WaitAsync(_deactivating.Token);
        try
        {
            await generations.CatchUp(generation, _position, _deactivating.Token);
            await (_partition + 1 < _subscription.Partitions
                ? GrainFactory.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(_subscription.Name, _partition + 1)).TakeOver(generation)
                : generations.Switch(generation, _deactivating.Token));
        }
        finally
        {
            // Whatever came of it, the store knows which generation is the live one.
            _opened = false;
            _checkpointTurn.Release();
        }
    }

    private string CheckpointName => _generations?.CheckpointName ?? _subscription.Name;

    /// <summary>Puts a checkpoint that has moved over events nobody wanted on disk, because somebody asks for it.</summary>
    /// <returns><see langword="false"/> when that cannot be done now.</returns>
    private async Task<bool> Persist(long position)
    {
        if (_checkpoint >= position)
        {
            return true;
        }

        await _checkpointTurn.WaitAsync(_deactivating.Token);
        try
        {
            if (_checkpoint < position && await Open())
            {
                await MoveTo(_position, []);
            }

            return _checkpoint >= position;
        }
        finally
        {
            _checkpointTurn.Release();
        }
    }

    /// <returns>Whether events can be handled.</returns>
    private async Task<bool> Open()
    {
        if (!_opened)
        {
            await _handler.Prepare(_deactivating.Token);
            if (_generations?.Waiting is not null)
            {
                return false;
            }

            _checkpoint = await store.Checkpoint(CheckpointName, _partition, _deactivating.Token);
            _position = _checkpoint > 0 ? _checkpoint : await starts.Of(_subscription, _deactivating.Token);
            _opened = true;
        }

        return true;
    }

    private async Task Handle(SubscriptionBatch batch)
    {
        if (batch.From > _position)
        {
            await CatchUp(batch.Through);
        }
        else if (batch.Through > _position)
        {
            await Handle([.. batch.Events.Where(e => e.Position > _position)], batch.Through);
        }
    }

    private async Task CatchUp(long through)
    {
        while (_position < through && time.GetUtcNow() < _sliceEnds)
        {
            var page = await log.ReadAll(_position, _subscription.FilterOf(_partition), options.Value.BatchSize, _deactivating.Token);
            await Handle([.. page.Events.Where(e => _subscription.Wants(e, _partition))], page.Through);
        }
    }

    private async Task Handle(IReadOnlyList<RecordedEvent> events, long through)
    {
        var size = _subscription.BatchSize ?? events.Count;
        for (var done = 0; done < events.Count; done += size)
        {
            if (done > 0 && time.GetUtcNow() >= _sliceEnds)
            {
                // What is left is read from the log when the next batch comes.
                return;
            }

            IReadOnlyList<RecordedEvent> part = [.. events.Skip(done).Take(size)];
            var to = done + size < events.Count ? part[^1].Position : through;
            await MoveTo(to, part);
            Reached(to, part.Count);
        }

        Reached(through, events: 0);
    }

    private void Reached(long position, int events)
    {
        _position = position;
        _gauge.Moved(position, events);
        _waiters.Reached(position);
    }

    private async Task MoveTo(long position, IReadOnlyList<RecordedEvent> events)
    {
        var move = new CheckpointMove(CheckpointName, _partition, _checkpoint, position);
        var changes = events.Count == 0 ? [] : await _handler.Handle(events, _deactivating.Token);
        if (!await store.Commit(move, changes))
        {
            _opened = false;
            throw new InvalidOperationException($"The checkpoint of {this.GetPrimaryKeyString()} was moved by somebody else.");
        }

        if (events.Count > 0)
        {
            _handler.Committed();
        }

        _checkpoint = position;
    }

    private void Failed(Exception e)
    {
        _failures++;
        _lastError = e.Message;
        _gauge.Failed(e.Message);
        var delay = TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, _failures), options.Value.MaxRetryDelay.TotalMilliseconds));
        _retryAt = time.GetUtcNow() + delay;
        LogFailure(e, this.GetPrimaryKeyString(), _position, _failures, delay);
    }

    [LoggerMessage(LogLevel.Debug, "The host stops while {Subscription} handles what comes after position {Position}")]
    private partial void LogCutOff(Exception e, string subscription, long position);

    [LoggerMessage(LogLevel.Warning, "{Subscription} failed after position {Position} (attempt {Attempt}); next attempt in {Delay}")]
    private partial void LogFailure(Exception e, string subscription, long position, int attempt, TimeSpan delay);
}
