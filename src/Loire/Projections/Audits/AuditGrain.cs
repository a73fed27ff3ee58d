using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Projections;

/// <inheritdoc cref="IAuditGrain"/>
internal sealed partial class AuditGrain(
    ViewRegistry views,
    EventCatalog catalog,
    IEventLog log,
    IViewStore store,
    TimeProvider time,
    IOptions<RebuildOptions> options,
    ILogger<AuditGrain> logger) : Grain, IAuditGrain
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly GenerationTable _generations = new(store);
    private readonly AuditTable _reports = new(store);
    private readonly CancellationTokenSource _stop = new();
    private Projection _projection = null!;
    private GenerationKeeper _keeper = null!;
    private Task _running = Task.CompletedTask;

    private string View => _projection.View.Name;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        _projection = views.ProjectionNamed(name) ?? throw new InvalidOperationException($"No projection fills '{name}'.");
        _keeper = new GenerationKeeper(_projection, _generations, store, time, logger);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public async Task<AuditReply> Start(AuditRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Decide(request);
            }
            catch (GenerationMovedException e) when (attempt == MaxAttempts)
            {
                throw new StoreUnavailableException($"Others change the audit of '{View}' all the time.", e);
            }
            catch (GenerationMovedException e)
            {
                // There is a second activation of this grain, and it was faster.
                LogDecidedAgain(e, View);
            }
        }
    }

    public Task<AuditReport?> Status() => _reports.Find(View, CancellationToken.None);

    public async Task<AuditReport?> Ended(TimeSpan timeout)
    {
        try
        {
            await _running.WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            // The report says that it still runs.
        }

        return await Status();
    }

    public async Task Wake()
    {
        if (_running.IsCompleted && await Status() is { State: AuditState.Running } report)
        {
            Run(report, startedHere: false);
        }
    }

    private async Task<AuditReply> Decide(AuditRequest request)
    {
        var last = await _reports.Find(View, CancellationToken.None);
        if (last?.State == AuditState.Running)
        {
            return new AuditReply("An audit is under way.", last);
        }

        var live = (await _generations.Of(_projection, CancellationToken.None)).Live;
        if (live.Version != _projection.Version || live.Partitions != _projection.Partitions)
        {
            return new AuditReply($"The view is at version {live.Version}, and this program knows {_projection.Version}.", last);
        }

        var report = await _reports.Save(new AuditReport
        {
            Revision = last?.Revision ?? 0,
            View = View,
            State = AuditState.Running,
            Request = request,
            Generation = live.Number,
            Scratch = 0,
            StartedAt = time.GetUtcNow(),
            Target = log.Head,
        });
        Run(report, startedHere: true);
        return new AuditReply(Refusal: null, report);
    }

    private void Run(AuditReport report, bool startedHere)
    {
        if (_running.IsCompleted)
        {
            var run = new AuditRun(
                report, startedHere, _projection, catalog, log, store, _generations, _keeper, _reports, time, options.Value, logger, () => DelayDeactivation(Idle));
            _running = run.Run(_stop.Token);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Somebody else has changed the audit of {View}; it is looked at again")]
    private partial void LogDecidedAgain(Exception e, string view);
}
