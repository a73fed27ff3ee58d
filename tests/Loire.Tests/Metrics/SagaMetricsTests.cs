using Commerce.Accounts;
using Commerce.Values;
using Loire.Gateway.Metrics;
using Loire.Metrics;
using Loire.Sagas;
using Loire.Testing;
using Loire.Tests.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Metrics;

public sealed class SagaMetricsTests
{
    private readonly ManualTime _time = ManualTime.Running();

    [Fact]
    public async Task Sagas_are_counted_as_they_start_and_end_and_timed_also_across_a_restart()
    {
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Time = _time });
        var saga = await cluster.Depart();
        await cluster.Waits("t-1", "agree");
        using (var before = Recorder(cluster))
        {
            await cluster.Saga("t-2").Start(TripHost.Json(new Trip.Context("from", "agent", Money.Of(100))), SagaCause.Unknown);
            (await cluster.SagaEnded(Trip.Name, "t-2")).Status.ShouldBe(SagaStatus.Failed);
            await Shows(before, "loire_saga_duration_seconds_count{saga=\"trip\",status=\"failed\"} 1\n");
            var text = before.Read(PrometheusText.Write);
            text.ShouldContain("loire_sagas_started_total{saga=\"trip\"} 1\n");
            text.ShouldContain("loire_saga_duration_seconds_bucket{saga=\"trip\",status=\"failed\",le=\"600\"} 1\n");
        }

        await cluster.Restart();
        _time.Advance(TimeSpan.FromMinutes(30));
        using var after = Recorder(cluster);
        await cluster.Saga("t-1").FailStep("agree", "no", "No.");
        await cluster.SagaEnded(Trip.Name, "t-1");

        await Shows(after, "loire_saga_duration_seconds_count{saga=\"trip\",status=\"failed\"} 1\n");
        var told = after.Read(PrometheusText.Write);
        told.ShouldContain("loire_saga_duration_seconds_bucket{saga=\"trip\",status=\"failed\",le=\"600\"} 0\n");
        told.ShouldContain("loire_saga_duration_seconds_bucket{saga=\"trip\",status=\"failed\",le=\"3600\"} 1\n");
        told.ShouldNotContain("loire_sagas_started_total{");
    }

    [Fact]
    public async Task Sagas_are_shown_by_status_with_those_that_are_stuck_or_have_left_work()
    {
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Time = _time });
        using var recorder = Recorder(cluster);
        recorder.Read(PrometheusText.Write).ShouldNotContain("loire_sagas{");
        var saga = await cluster.Depart();
        await cluster.Waits("t-1", "agree");
        await Shows(recorder, "loire_sagas{saga=\"trip\",status=\"running\"} 1\n");

        // The account is not empty, so it cannot be closed, and there is no way back.
        await saga.AgreeWhenItWaits(cluster);
        await Shows(recorder, "loire_sagas_stuck{saga=\"trip\"} 1\n");
        await cluster.Accepted("account", "from", new AccountCommand.Withdraw(Money.Of(6)));
        await saga.RetryStep("close");
        await Shows(recorder, "loire_sagas{saga=\"trip\",status=\"completed\"} 1\n");
        recorder.Read(PrometheusText.Write).ShouldContain("loire_sagas_stuck{saga=\"trip\"} 0\n");

        await cluster.Accepted("account", "rich", new AccountCommand.Open("zoe", Money.Of(10)));
        var left = cluster.Saga("t-2");
        await left.Start(TripHost.Json(new Trip.Context("rich", "agent", Money.Of(1))), SagaCause.Unknown);
        await cluster.Waits("t-2", "agree");
        await cluster.Accepted("account", "agent", new AccountCommand.Withdraw(Money.Of(7)));
        await left.FailStep("agree", "no", "No.");
        await Shows(recorder, "loire_sagas_open_work{saga=\"trip\"} 1\n");
        await left.SkipStep("agree", "Paid in cash.");
        await Shows(recorder, "loire_sagas_open_work{saga=\"trip\"} 0\n");
        var text = recorder.Read(PrometheusText.Write);
        text.ShouldContain("loire_sagas{saga=\"trip\",status=\"running\"} 0\n");
        text.ShouldContain("loire_sagas{saga=\"trip\",status=\"failed\"} 1\n");
    }

    private static MetricRecorder Recorder(LoireTestCluster cluster) => new(cluster.Services.GetRequiredService<LoireMetrics>());

    // Gauges tell what was read when somebody last measured.
    private static async Task Shows(MetricRecorder recorder, string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!recorder.Read(PrometheusText.Write).Contains(line, StringComparison.Ordinal))
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
