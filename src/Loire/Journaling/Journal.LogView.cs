using Loire.EventLog;
using Orleans.EventSourcing;

namespace Loire.Journaling;

/// <summary>The programming model of <c>JournaledGrain</c>: raise events, confirm them, append on a condition.</summary>
internal sealed partial class Journal<TView, TEvent>
{
    private const int MaxAttempts = 10;

    private readonly List<(TEvent Event, NewEvent Encoded)> _submitted = [];
    private Task? _confirming;

    public TView TentativeView => _tentative;

    public TView ConfirmedView => _confirmed;

    public int ConfirmedVersion => checked((int)_confirmedVersion);

    public IEnumerable<TEvent> UnconfirmedSuffix =>
        _flights.SelectMany(f => f.Events).Concat(_submitted).Select(e => e.Event).Distinct(ReferenceEqualityComparer.Instance).Cast<TEvent>();

    public Task PreOnActivate() => Reload();

    public Task PostOnActivate() => Task.CompletedTask;

    public Task PostOnDeactivate() => InFlightNow();

    public async Task Synchronize()
    {
        await ConfirmSubmittedEntries();
        _broken = true;
        await Ready();
    }

    public void Submit(TEvent entry) => SubmitRange([entry]);

    public void SubmitRange(IEnumerable<TEvent> entries)
    {
        var now = time.GetUtcNow();
        (TEvent, NewEvent)[] submitted = [.. entries.Select(e => (e, codec.Encode(e, now, EventMetadata.None)))];
        _submitted.AddRange(submitted);
        Advance(submitted);
        host.OnViewChanged(tentative: true, confirmed: false);
    }

    public Task<bool> TryAppend(TEvent entry) => TryAppendRange([entry]);

    public async Task<bool> TryAppendRange(IEnumerable<TEvent> entries)
    {
        await ConfirmSubmittedEntries();
        await Ready();
        var result = await Commit([.. entries], time.GetUtcNow(), EventMetadata.None, key: null);
        await Ready();
        return result is AppendResult.Appended;
    }

    /// <summary>
    /// Appends what was submitted, at whatever version the stream has. If the store fails, what was submitted stays, and the
    /// next call appends it: events keep their ids, so none is appended twice.
    /// </summary>
    public Task ConfirmSubmittedEntries()
    {
        if (_submitted.Count == 0)
        {
            return Task.CompletedTask;
        }

        if (_confirming is null or { IsCompleted: true })
        {
            _confirming = ConfirmAll();
        }

        return _confirming;
    }

    public async Task<IReadOnlyList<TEvent>> RetrieveLogSegment(int fromVersion, int toVersion)
    {
        var events = await log.Load(stream, fromVersion);
        return [.. events.TakeWhile(e => e.Version <= toVersion).Select(Decode)];
    }

    public Task ClearLogAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("What has happened stays in the log.");

    public void EnableStatsCollection() => throw new NotSupportedException("The log has metrics of its own.");

    public void DisableStatsCollection() => throw new NotSupportedException("The log has metrics of its own.");

    public LogConsistencyStatistics GetStats() => throw new NotSupportedException("The log has metrics of its own.");

    private async Task ConfirmAll()
    {
        for (var attempt = 1; ; attempt++)
        {
            await Ready();
            await InFlightNow();
            if (_submitted.Count == 0)
            {
                return;
            }

            var batch = _submitted.ToArray();
            if (await Send(new Flight<TEvent>(batch, _confirmedVersion, _confirmedId), key: null) is AppendResult.Appended)
            {
                _submitted.RemoveRange(0, batch.Length);
            }
            else if (attempt >= MaxAttempts)
            {
                throw new StoreUnavailableException($"Other writers kept getting ahead on {stream}.");
            }
        }
    }

    /// <summary>After a reload: forgets what turned out to be in the log, and puts the rest back on the tentative view.</summary>
    private void Resubmit(IReadOnlyList<RecordedEvent> tail)
    {
        _submitted.RemoveAll(s => tail.Any(e => e.EventId == s.Encoded.EventId));
        Advance([.. _submitted]);
    }
}
