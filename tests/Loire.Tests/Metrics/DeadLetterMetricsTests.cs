using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Gateway.Metrics;
using Loire.Metrics;
using Loire.Testing;
using Loire.Tests.Reactors;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Metrics;

public sealed class DeadLetterMetricsTests
{
    [Fact]
    public async Task Events_that_are_set_aside_are_counted_by_queue_and_state()
    {
        var script = new Mailer.Script { Does = (_, _) => throw new InvalidOperationException("no post today") };
        await using var cluster = await LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                loire.Services.AddSingleton(script);
                loire.AddReactor<Mailer>(o => o.Failures = f => f.MaxAttempts = 1);
            },
            new LoireTestClusterOptions { Logging = Microsoft.Extensions.Logging.LogLevel.None });
        using var recorder = new MetricRecorder(cluster.Services.GetRequiredService<LoireMetrics>());
        recorder.Read(PrometheusText.Write).ShouldNotContain("queue=");
        await cluster.Given("account", "a-1", new AccountEvent.Opened("o-1", Money.Zero), new AccountEvent.Deposited(Money.Of(1)), new AccountEvent.Deposited(Money.Of(2)));
        await cluster.Reached("mailer");

        using var limit = new CancellationTokenSource(cluster.Limit);
        string text;
        while (!(text = recorder.Read(PrometheusText.Write)).Contains("queue=\"mailer\"", StringComparison.Ordinal))
        {
            await Task.Delay(20, limit.Token);
        }

        text.ShouldContain("loire_dead_letters{queue=\"mailer\",state=\"parked\"} 1\n");
        text.ShouldContain("loire_dead_letters{queue=\"mailer\",state=\"waiting\"} 1\n");
        text.ShouldContain("loire_dead_letters{queue=\"mailer\",state=\"retrying\"} 0\n");
    }
}
