using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>
/// Wakes sagas that have not ended: all of them when the silo starts, and from time to time those that have been still for
/// a while. A saga that is running already takes no notice.
/// </summary>
internal sealed partial class SagaRecovery(
    ViewRegistry views,
    ViewReader reader,
    IEventLog log,
    IGrainFactory grains,
    TimeProvider time,
    HostStop stop,
    ILogger<SagaRecovery> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly SagaStatus[] Unfinished = [SagaStatus.Started, SagaStatus.Running, SagaStatus.Compensating];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var before = time.GetUtcNow();
        do
        {
            try
            {
                await WakeAll(before, stoppingToken);
            }
            catch (Exception e) when (stop.Explains(e))
            {
                LogCutOff(e);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(e);
            }

            before = time.GetUtcNow() - (Period / 2);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAll(DateTimeOffset before, CancellationToken cancellation)
    {
        if (!views.TryGet(SagasView.Name, out var view))
        {
            return;
        }

        var head = log.Head;
        while (!await reader.WaitUntil(view, head, TimeSpan.FromSeconds(5)))
        {
            cancellation.ThrowIfCancellationRequested();
            LogBehind(head);
        }

        foreach (var status in Unfinished)
        {
            await WakeAll(view, status, before, cancellation);
        }
    }

    private async Task WakeAll(ViewSchema view, SagaStatus status, DateTimeOffset before, CancellationToken cancellation)
    {
        var query = new ViewQuery
        {
            Limit = QueryText.MaxLimit,
            Conditions =
            [
                new ViewCondition(view.Field("status")!, Comparison.Equal, JsonNamingPolicy.CamelCase.ConvertName(status.ToString())),
                new ViewCondition(view.Field("updatedAt")!, Comparison.Less, QueryText.Text(before)),
            ],
        };
        do
        {
            var page = await reader.Query(view, query, cancellation);
            await Task.WhenAll(page.Items.Select(Wake));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
    }

    private async Task Wake(ViewDocument document)
    {
        var saga = JsonSerializer.Deserialize<SagaView>(document.Json.Span, LoireJson.Stored)!;
        var reply = await grains.GetGrain<ISagaGrain>(GrainId.Create(saga.SagaType, saga.SagaId)).Resume();
        LogWoken(saga.SagaType, saga.SagaId, reply.Status);
    }

    [LoggerMessage(LogLevel.Information, "{Saga} {Id} goes on: {Status}")]
    private partial void LogWoken(string saga, string id, SagaStatus status);

    [LoggerMessage(LogLevel.Information, "Recovery of sagas waits for its view to reach position {Position}")]
    private partial void LogBehind(long position);

    [LoggerMessage(LogLevel.Debug, "The host stops while sagas are woken")]
    private partial void LogCutOff(Exception e);

    [LoggerMessage(LogLevel.Error, "Recovery of sagas failed; it is tried again")]
    private partial void LogFailure(Exception e);
}
