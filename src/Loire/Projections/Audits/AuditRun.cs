using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Loire.Projections;

/// <summary>
/// Carries an audit out, until it has ended or is stopped, or somebody else does: then that one's work counts, for it has changed
/// the report.
/// </summary>
internal sealed partial class AuditRun(
    AuditReport report,
    bool startedHere,
    Projection projection,
    EventCatalog catalog,
    IEventLog log,
    IViewStore store,
    GenerationTable generations,
    GenerationKeeper keeper,
    AuditTable reports,
    TimeProvider time,
    RebuildOptions options,
    ILogger logger,
    Action stayActive)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Who carries an audit out writes something down each second.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly RebuildPace _pace = new(time, report.Request.EventsPerSecond ?? options.AuditEventsPerSecond, options.Courtesy);
    private AuditReport _report = report;
    private bool _mayBegin = startedHere;
    private int _scratch;
    private bool _isMine;
    private int _attempts;

    private bool IsCarriedOnElsewhere => _isMine && _report.Scratch != _scratch;

    /// <summary>Ends when the audit has ended, or with the token. It throws nothing.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await HasEnded(stop))
                {
                    return;
                }

                await Audit(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailure(e, _report.View);
                await (IsCarriedOnElsewhere ? Task.CompletedTask : Failed(e));
                await Task.Delay(Pause, time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task<bool> HasEnded(CancellationToken stop)
    {
        if (!_mayBegin)
        {
            await Task.Delay(Silence, time, stop);
        }

        var before = _report;
        _report = await reports.Find(_report.View, stop) ?? _report;
        _isMine |= _scratch != 0 && _report.Scratch == _scratch;
        if (_report.State == AuditState.Running && !IsCarriedOnElsewhere && (_mayBegin || _report.Revision == before.Revision))
        {
            _mayBegin = true;
            return false;
        }

        await (_scratch == 0 ? Task.CompletedTask : keeper.DropScratch(_scratch, stop));
        return true;
    }

    // What others do, or did before this, does not get into a generation of its own. The report says whose work counts.
    private async Task Begin(CancellationToken stop)
    {
        _scratch = _scratch == 0 ? await keeper.Scratch(stop) : _scratch;
        _report = await reports.Save(_report with { Scratch = _scratch });
        _isMine = true;

        // Its own too: what it did before may rest on other dead letters.
        await keeper.DropUnused(_scratch, stop);
        await keeper.DropScratch(_scratch, stop);
    }

    private async Task Audit(CancellationToken stop)
    {
        var live = (await generations.Of(projection, stop)).Live;
        if (live.Number != _report.Generation)
        {
            await End(_report with { State = AuditState.Failed, LastError = "The view has been rebuilt meanwhile." });
            return;
        }

        await Begin(stop);
        var letters = new SetAsideEvents(live, store);
        var decided = await letters.Decided(stop);
        var leftOut = await letters.Read(stop);
        var fill = new GenerationFill(
            projection, catalog, log, store, options, _scratch, [.. Enumerable.Range(0, projection.Partitions)], FillRules.Audit(live, leftOut));
        await fill.Open(stop);
        _pace.Begin(fill.Position);
        var position = new AuditPosition(live, store, fill);
        await fill.Through(await position.Highest(stop), () => Progress(fill.Position, stop), stop);

        var tables = new List<AuditedTable>();
        foreach (var table in projection.Tables.Where(t => !IsRanged || t.Use != TableUse.Lookup))
        {
            var comparison = new TableComparison(table.Schema, live.Number, _scratch, _report.Request, store, position, () => Beat(fill.Position));
            tables.Add(await comparison.Run(stop));
        }

        if (!leftOut.SetEquals(await letters.Read(stop)) || decided != await letters.Decided(stop))
        {
            throw new InvalidOperationException("The dead letters of the view have changed meanwhile.");
        }

        var after = (await generations.Of(projection, stop)).Live;
        await End(after.Number == live.Number
            ? _report with { State = AuditState.Completed, Position = fill.Position, Target = fill.Position, Tables = [.. tables] }
            : _report with { State = AuditState.Failed, LastError = "The view has been rebuilt meanwhile." });
    }

    private bool IsRanged => _report.Request.IdFrom is not null || _report.Request.IdTo is not null;

    private async Task Progress(long position, CancellationToken stop)
    {
        await Beat(position);
        await _pace.Keep(position, log.Head, stop);
    }

    // It stays where it is, and others see that it is being carried out.
    private async Task Beat(long position)
    {
        stayActive();
        if (_pace.IsDue(position))
        {
            _report = await reports.Save(_report with { Position = position, Target = log.Head });
        }
    }

    // The report last: as long as it runs, somebody sees to it that what was written for it is removed.
    private async Task End(AuditReport end)
    {
        await (_scratch == 0 ? Task.CompletedTask : keeper.DropScratch(_scratch, CancellationToken.None));
        _report = await reports.Save(end with { EndedAt = time.GetUtcNow() });
        LogEnded(_report.View, _report.State, _report.Tables.Sum(t => t.Differing), _report.LastError);
    }

    private async Task Failed(Exception failure)
    {
        try
        {
            _attempts = RebuildRun.MayPass(failure) ? _attempts : _attempts + 1;
            if (_attempts >= options.MaxAttempts)
            {
                await End(_report with { State = AuditState.Failed, LastError = failure.Message });
                return;
            }

            _report = await reports.Save(_report with { LastError = failure.Message });
        }
        catch (Exception e)
        {
            // It could not be written down either. The report is read anew.
            LogFailure(e, _report.View);
        }
    }

    [LoggerMessage(LogLevel.Information, "The audit of {View} has ended: {State}, {Differing} entries differ. {Error}")]
    private partial void LogEnded(string view, AuditState state, long differing, string? error);

    [LoggerMessage(LogLevel.Warning, "The audit of {View} failed; it goes on trying")]
    private partial void LogFailure(Exception e, string view);
}
