using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Reactors;

/// <summary>
/// Hands events to a reactor: those of one aggregate one after the other, those of different aggregates beside each other. What
/// was delivered before another event of its batch failed is remembered and does not come again with that batch, as long as the
/// grain lives.
/// </summary>
internal sealed class ReactorHandler(
    Reactor reactor, ReactorOptions options, EventCatalog catalog, CommandSender sender, TimeProvider time, HostStop stop)
    : ISubscriptionHandler
{
    /// <summary>Beyond what can fail at once; those on top are delivered again.</summary>
    private const int Remembered = 100_000;

    private readonly SemaphoreSlim _places = new(options.MaxConcurrency);
    private readonly HashSet<Guid> _delivered = [];
    private readonly Dictionary<Guid, int> _attempts = [];
    private IReadOnlyList<RecordedEvent> _handled = [];

    public static SubscriptionDefinition Subscribe(
        Reactor reactor, ReactorOptions options, EventCatalog catalog, CommandSender sender, TimeProvider time, HostStop stop) => new(
        reactor.Name,
        Kind: "reactor",
        options.Partitions,
        new LogFilter { Types = [.. reactor.EventTypes.SelectMany(catalog.NamesOf)] },
        () => new ReactorHandler(reactor, options, catalog, sender, time, stop))
    {
        DeclaredBy = reactor.GetType().Name,
        StartFrom = options.StartFrom,
        BatchSize = options.BatchSize,
    };

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        _handled = events;
        await Task.WhenAll(events.GroupBy(e => e.Stream).Select(ofOne => DeliverInOrder(ofOne, cancellation)));
        return [];
    }

    public void Committed()
    {
        foreach (var e in _handled)
        {
            _delivered.Remove(e.EventId);
            _attempts.Remove(e.EventId);
        }
    }

    private async Task DeliverInOrder(IEnumerable<RecordedEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
        {
            if (!_delivered.Contains(e.EventId))
            {
                await _places.WaitAsync(cancellation);
                try
                {
                    await Deliver(e, cancellation);
                }
                catch (Exception failure) when (!cancellation.IsCancellationRequested)
                {
                    throw new EventFailedException(e, failure);
                }
                finally
                {
                    _places.Release();
                }
            }
        }
    }

    private async Task Deliver(RecordedEvent recorded, CancellationToken cancellation)
    {
        var attempt = _attempts.GetValueOrDefault(recorded.EventId) + 1;
        if (_attempts.Count < Remembered)
        {
            _attempts[recorded.EventId] = attempt;
        }

        using var limit = new CancellationTokenSource(options.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation, stop.Token);
        try
        {
            var delivery = new Delivery(reactor.Name, EventInfo.Of(recorded), attempt, sender, either.Token);
            await reactor.Handle(catalog.Decode(recorded), delivery).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested && !stop.Token.IsCancellationRequested)
        {
            var message = limit.IsCancellationRequested
                ? $"{reactor.Name} did not end the delivery within {options.TimeLimit}."
                : $"What {reactor.Name} called was cancelled: {e.Message}";
            throw new EventFailedException(recorded, new DeliveryTimedOutException(message, e));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new EventFailedException(recorded, e);
        }

        if (_delivered.Count < Remembered)
        {
            _delivered.Add(recorded.EventId);
        }
    }
}
