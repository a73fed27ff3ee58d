using System.Diagnostics.Metrics;
using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Sagas;
using Loire.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Metrics;

/// <summary>
/// How many sagas there are, by type. A document for each type says so, so nothing is counted; who measures does not wait for
/// the store either: he gets what was read when somebody last measured, and sets off the next reading.
/// </summary>
internal sealed partial class SagaGauges(LoireMetrics metrics, ViewRegistry views, ViewReader reader, HostStop stop, ILogger<SagaGauges> logger)
    : IHostedService
{
    private static readonly (string Name, SagaStatus Status)[] Statuses =
        [.. Enum.GetValues<SagaStatus>().Where(s => s != SagaStatus.None).Select(s => (JsonNamingPolicy.CamelCase.ConvertName($"{s}"), s))];

    private IReadOnlyList<SagaTally> _latest = [];
    private int _reading;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        const string When = "in the whole cluster, as read at the measurement before.";
        metrics.Meter.CreateObservableGauge("loire.sagas", Measure, "{saga}", $"Sagas by status, {When}");
        metrics.Meter.CreateObservableGauge("loire.sagas.stuck", () => Each(t => t.Stuck), "{saga}", $"Sagas that need somebody's help to go on, {When}");
        metrics.Meter.CreateObservableGauge(
            "loire.sagas.open_work", () => Each(t => t.OpenWork), "{saga}", $"Failed sagas that have left something to be done by hand, {When}");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Measure()
    {
        if (!stop.Token.IsCancellationRequested && Interlocked.Exchange(ref _reading, 1) == 0)
        {
            _ = Read();
        }

        return
        [
            .. from tally in _latest
               from status in Statuses
               select new Measurement<long>(
                   tally.Of(status.Status),
                   new KeyValuePair<string, object?>("saga", tally.SagaType),
                   new KeyValuePair<string, object?>("status", status.Name)),
        ];
    }

    private IEnumerable<Measurement<long>> Each(Func<SagaTally, long> measure) =>
        from tally in _latest
        select new Measurement<long>(measure(tally), new KeyValuePair<string, object?>("saga", tally.SagaType));

    private async Task Read()
    {
        try
        {
            if (views.TryGet(SagasView.Counts, out var view))
            {
                var page = await reader.Query(view, new ViewQuery { Limit = 1000, CountTotal = false }, keep: false, stop.Token);
                _latest = [.. page.Items.Select(d => JsonSerializer.Deserialize<SagaTally>(d.Json.Span, LoireJson.Stored)!)];
            }
        }
        catch (Exception e) when (e is StoreUnavailableException || stop.Explains(e))
        {
            LogNoStore(e);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The store does not say how many sagas there are")]
    private partial void LogNoStore(Exception e);
}
