using Loire.Gateway.Subscriptions;
using Loire.Monitoring;
using Loire.Subscriptions;
using Loire.Timers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Health;

/// <summary>Looks at what the platform cannot do without: a store that takes writes, a relay that goes round, subscriptions that get on.</summary>
internal sealed partial class HealthProbe(
    StoreProbe store,
    IGrainFactory grains,
    SubscriptionOverview subscriptions,
    DeadLetterCheck deadLetters,
    IEnumerable<WakeUpSource> wakeUps,
    SagaAlert sagas,
    TimeProvider time,
    IOptions<GatewayOptions> options,
    ILogger<HealthProbe> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task<HealthCheck[]> Check(CancellationToken cancellation) => Task.WhenAll(
        Guarded("store", Store, cancellation),
        Guarded("relay", Relay, cancellation),
        Guarded("timers", Timers, cancellation),
        Guarded("sagas", () => sagas.Check(cancellation), cancellation),
        Guarded("subscriptions", () => Subscriptions(cancellation), cancellation),
        Guarded("deadLetters", deadLetters.Check, cancellation));

    private async Task<HealthCheck> Guarded(string name, Func<Task<HealthCheck>> check, CancellationToken cancellation)
    {
        try
        {
            return await check().WaitAsync(Patience, time, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(e, name);
            return new HealthCheck(name, Healthy: false, e is TimeoutException ? "No answer came in time." : "It failed; the log says why.");
        }
    }

    private async Task<HealthCheck> Store()
    {
        var answer = await store.Ask();
        return new HealthCheck("store", Healthy: true, Facts: w =>
        {
            w.WriteNumber("writeMilliseconds", Math.Round(answer.Write.TotalMilliseconds, 1));
            w.WriteNumber("writeAgeSeconds", Math.Round(time.GetElapsedTime(answer.WrittenAt).TotalSeconds, 1));
        });
    }

    private async Task<HealthCheck> Relay() =>
        Loop("relay", await grains.GetGrain<ILogRelayGrain>(0).Heartbeat(), options.Value.RelayPatience, "The log relay does not go round.");

    private async Task<HealthCheck> Timers() => wakeUps.Any()
        ? Loop("timers", await grains.GetGrain<ITimerGrain>(0).Heartbeat(), options.Value.TimerPatience, "Nobody looks for what is due.")
        : new HealthCheck("timers", Healthy: true);

    private HealthCheck Loop(string name, DateTimeOffset heartbeat, TimeSpan patience, string otherwise)
    {
        var age = time.GetUtcNow() - heartbeat;
        return new HealthCheck(
            name,
            age < patience,
            age < patience ? null : otherwise,
            w => w.WriteNumber("heartbeatAgeSeconds", Math.Round(Math.Max(0, age.TotalSeconds), 1)));
    }

    private async Task<HealthCheck> Subscriptions(CancellationToken cancellation)
    {
        var all = await subscriptions.Read(cancellation);
        var failing = all.Where(s => s.NeedsHelp).ToArray();
        return new HealthCheck(
            "subscriptions",
            failing.Length == 0,
            failing.Length == 0 ? null : $"{string.Join(", ", failing.Select(s => $"{s.Definition.Name} is {SubscriptionJson.NameOf(s.State)}"))}.",
            w =>
            {
                w.WriteNumber("count", all.Count);
                w.WriteNumber("failing", failing.Length);
                w.WriteNumber("behind", all.Count(s => s.Lag > 0));
            });
    }

    [LoggerMessage(LogLevel.Warning, "The health check {Check} failed")]
    private partial void LogFailure(Exception e, string check);
}
