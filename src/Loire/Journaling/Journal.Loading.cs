using Loire.EventLog;

namespace Loire.Journaling;

/// <summary>Where the views come from: a snapshot and the events after it.</summary>
internal sealed partial class Journal<TView, TEvent>
{
    private async Task Recover()
    {
        await Task.Yield();
        try
        {
            await InFlightNow();
            await Reload();
            _broken = false;
            Epoch++;
        }
        finally
        {
            _recovery = null;
        }
    }

    private async Task Reload()
    {
        var tail = await LoadTail();
        if (tail.Count > 0)
        {
            // All or none: a view with half a tail in it would get that half again.
            Confirm([.. tail.Select(Decode)], tail[^1].Version, tail[^1].Position);
            _confirmedId = tail[^1].EventId;
        }

        OfferSnapshot();

        _tentative = await CopyOfConfirmed();
        TentativeVersion = _confirmedVersion;
        _tentativeId = _confirmedId;
        Resubmit(tail);
    }

    /// <summary>What comes after the confirmed view; before there is one, a snapshot may take its place.</summary>
    private async Task<IReadOnlyList<RecordedEvent>> LoadTail()
    {
        if (snapshots is null || _confirmedVersion > 0)
        {
            return await log.Load(stream, _confirmedVersion);
        }

        var (restored, tail) = await snapshots.Load();
        if (restored is not null)
        {
            (_confirmed, _confirmedVersion, _confirmedId, Position) =
                (restored.View, restored.Version, restored.EventId, restored.Position);
        }

        return tail;
    }

    // Only what is confirmed goes into a snapshot, and what is confirmed is on disk.
    private void OfferSnapshot()
    {
        if (_confirmedId is { } id)
        {
            snapshots?.Offer(_confirmed, _confirmedVersion, id);
        }
    }

    private async Task<TView> CopyOfConfirmed()
    {
        if (_confirmed is Aggregates.ICopyableView<TView> copyable)
        {
            return copyable.Copy();
        }

        var view = new TView();
        var recorded = _confirmedVersion == 0 ? [] : await log.Load(stream);
        foreach (var e in recorded.TakeWhile(e => e.Version <= _confirmedVersion))
        {
            host.UpdateView(view, Decode(e));
        }

        return view;
    }

    private TEvent Decode(RecordedEvent recorded) => (TEvent)codec.Decode(recorded);
}
