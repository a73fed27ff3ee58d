using Loire.EventLog;
using Loire.Metrics;
using Loire.Serialization;
using Loire.Snapshots;
using Orleans.EventSourcing;

namespace Loire.Journaling;

/// <summary>
/// Connects one journaled grain to its stream. It keeps the confirmed view (what is on disk) and the tentative view (what
/// will be, once everything in flight is there). When an append does not succeed, those behind it cannot either; the
/// tentative view is then given up and made anew from the log.
/// </summary>
internal sealed partial class Journal<TView, TEvent>(
    ILogViewAdaptorHost<TView, TEvent> host,
    TView initial,
    StreamName stream,
    EventCodec codec,
    IEventLog log,
    StreamSnapshots<TView>? snapshots,
    LoireMetrics metrics,
    TimeProvider time) : IJournal<TEvent>, ILogViewAdaptor<TView, TEvent>
    where TView : class, new()
    where TEvent : class
{
    private readonly Queue<Flight<TEvent>> _flights = new();
    private TView _confirmed = initial;
    private TView _tentative = new();
    private long _confirmedVersion;
    private Guid? _confirmedId;
    private Guid? _tentativeId;
    private bool _broken;
    private Task? _recovery;
    private Flight<TEvent>? _lastFlight;

    public long TentativeVersion { get; private set; }

    public long Position { get; private set; }

    public int Epoch { get; private set; }

    public Task Ready() => _broken ? _recovery ??= Recover() : Task.CompletedTask;

    public async Task Settled()
    {
        await InFlightNow();
        await Ready();
    }

    public async Task<bool> WasCurrent(long version, int epoch)
    {
        await Settled();
        if (IsProvenBy(epoch, version) is { } proven)
        {
            return proven;
        }

        var page = await log.ReadStream(stream, long.MaxValue, limit: 1, ReadDirection.Backwards);
        if (page.Version <= version)
        {
            return true;
        }

        // What has moved it may be an append of our own.
        await Settled();
        var current = IsProvenBy(epoch, version) ?? false;
        _broken |= !current;
        return current;
    }

    public Task<AppendResult> Commit(
        IReadOnlyList<TEvent> events, DateTimeOffset occurredAt, EventMetadata metadata, IdempotencyKey? key)
    {
        if (_submitted.Count > 0)
        {
            throw new InvalidOperationException("The journal is not ready: confirm raised events first.");
        }

        if (_broken)
        {
            // It was ready, and then another turn came first, whose append did not succeed.
            return Task.FromResult<AppendResult>(new AppendResult.Conflict(_confirmedVersion));
        }

        var flight = new Flight<TEvent>([.. events.Select(e => (e, codec.Encode(e, occurredAt, metadata)))], TentativeVersion, _tentativeId);
        Advance(flight.Events);
        return Send(flight, key);
    }

    // In one epoch only appends of our own move the confirmed version, and the first of them found the stream as it was.
    private bool? IsProvenBy(int epoch, long version) =>
        epoch != Epoch ? false : _confirmedVersion > version ? true : null;

    private async Task<AppendResult> Send(Flight<TEvent> flight, IdempotencyKey? key)
    {
        _flights.Enqueue(flight);
        _lastFlight = flight;
        try
        {
            var events = Array.ConvertAll(flight.Events, e => e.Encoded);
            var result = await log.Append(new AppendRequest(stream, flight.From, events, key, flight.FromId));
            flight.Receipt = result is AppendResult.Appended { Replayed: false, Receipt: var receipt } ? receipt : null;
            metrics.Appended(stream.Aggregate, flight.Receipt?.Events.Count ?? 0);
            return result;
        }
        finally
        {
            flight.Landed = true;
            Land();
        }
    }

    /// <summary>Confirms what has been appended, in order.</summary>
    private void Land()
    {
        while (_flights.TryPeek(out var flight) && flight.Landed)
        {
            _flights.Dequeue();
            if (flight.Receipt is null)
            {
                _broken = true;
            }
            else if (!_broken)
            {
                Confirm(flight.Events.Select(e => e.Event), flight.Receipt.Version, flight.Receipt.Position);
                _confirmedId = flight.Events.LastOrDefault().Encoded?.EventId ?? _confirmedId;
            }

            flight.Settle();
        }

        OfferSnapshot();
    }

    /// <summary>Applies events to the tentative view. If a fold throws half-way, the view is worth nothing.</summary>
    private void Advance((TEvent Event, NewEvent Encoded)[] events)
    {
        var whole = false;
        try
        {
            foreach (var (e, encoded) in events)
            {
                host.UpdateView(_tentative, e);
                _tentativeId = encoded.EventId;
            }

            whole = true;
            TentativeVersion += events.Length;
        }
        finally
        {
            _broken |= !whole;
        }
    }

    private void Confirm(IEnumerable<TEvent> events, long version, long position)
    {
        foreach (var e in events)
        {
            host.UpdateView(_confirmed, e);
        }

        var moved = version != _confirmedVersion;
        _confirmedVersion = version;
        Position = Math.Max(Position, position);
        host.OnViewChanged(tentative: true, confirmed: moved);
    }

    /// <summary>Completes when everything that is in flight now has landed; what takes off later does not delay it.</summary>
    private Task InFlightNow() => _flights.Count == 0 ? Task.CompletedTask : _lastFlight!.Settled;
}
