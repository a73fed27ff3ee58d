using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Projections;

/// <summary>
/// Starts rebuilds of views whose version has been raised, and wakes those that were running when their silo ended, without
/// anybody asking for it; audits too.
/// </summary>
internal sealed partial class RebuildKeeper(
    ViewRegistry views,
    IViewStore store,
    IGrainFactory grains,
    TimeProvider time,
    HostStop stop,
    IOptions<RebuildOptions> options,
    ILogger<RebuildKeeper> logger) : BackgroundService
{
    // Those who leave something behind die for it: that is seldom, and does no harm but to take up room.
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    private readonly GenerationTable _generations = new(store);
    private readonly RebuildTable _plans = new(store);
    private readonly AuditTable _audits = new(store);
    private bool _upgraded;
    private DateTimeOffset _sweepAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (await Try(Sweep, stoppingToken) && await Try(Look, stoppingToken) && await timer.WaitForNextTickAsync(stoppingToken))
        {
        }
    }

    /// <returns><see langword="false"/> if the host stops.</returns>
    private async Task<bool> Try(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception e) when (stop.Explains(e))
        {
            LogCutOff(e);
            return false;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(e);
        }

        return true;
    }

    private async Task Look(CancellationToken cancellation)
    {
        if (!_upgraded)
        {
            foreach (var projection in views.Projections)
            {
                await Upgrade(projection, cancellation);
            }

            _upgraded = true;
        }

        var running = (await _plans.Running(cancellation)).Select(p => p.View);
        foreach (var view in running.Union(await _generations.WithRetired(cancellation)))
        {
            if (views.ProjectionNamed(view) is not null)
            {
                await grains.GetGrain<IRebuildGrain>(view).Wake().WaitAsync(cancellation);
            }
        }

        foreach (var audit in (await _audits.Running(cancellation)).Where(a => views.ProjectionNamed(a.View) is not null))
        {
            await grains.GetGrain<IAuditGrain>(audit.View).Wake().WaitAsync(cancellation);
        }
    }

    private async Task Sweep(CancellationToken cancellation)
    {
        if (time.GetUtcNow() >= _sweepAt)
        {
            foreach (var projection in views.Projections)
            {
                await Sweep(projection, cancellation);
            }

            _sweepAt = time.GetUtcNow() + SweepEvery;
        }
    }

    // What no generation names. The one that an audit folds the log into is named by its report, which says that it runs before
    // that is begun; so the generations are read first.
    private async Task Sweep(Projection projection, CancellationToken cancellation)
    {
        var view = projection.View.Name;
        if (await _generations.Find(view, cancellation) is { } known)
        {
            var audit = await _audits.Find(view, cancellation);
            var below = audit?.State == AuditState.Running ? audit.Scratch : known.Last + 1;
            await new GenerationKeeper(projection, _generations, store, time, logger).DropUnused(below, cancellation);
        }
    }

    // Once for each version: if that was cancelled, or has failed, people have to say that it is to be tried again.
    private async Task Upgrade(Projection projection, CancellationToken cancellation)
    {
        var view = projection.View.Name;
        var live = (await _generations.Find(view, cancellation))?.Live;
        var last = await _plans.Find(view, cancellation);
        if (live?.Version < projection.Version && last?.Version != projection.Version)
        {
            LogUpgrade(view, live.Version, projection.Version);
            await grains.GetGrain<IRebuildGrain>(view).Start().WaitAsync(cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "{View} is at version {Old}; version {New} is filled beside it and takes over when it has caught up")]
    private partial void LogUpgrade(string view, int old, int @new);

    [LoggerMessage(LogLevel.Debug, "The host stops while rebuilds are looked for")]
    private partial void LogCutOff(Exception e);

    [LoggerMessage(LogLevel.Warning, "Rebuilds could not be looked for; it is tried again")]
    private partial void LogFailure(Exception e);
}
