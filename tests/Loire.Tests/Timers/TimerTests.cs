using Loire.EventLog.Views;
using Loire.Testing;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Timers;

public sealed class TimerTests
{
    private readonly Sleepers _sleepers = new();

    [Fact]
    public async Task What_is_due_when_a_silo_starts_is_woken()
    {
        await using var cluster = await Start(TestStore.Sqlite());
        await Sleepers.Sleep(cluster.Views, ("a", TimeProvider.System.GetUtcNow().AddDays(-400)));

        (await _sleepers.Next()).ShouldBe("a");
    }

    [Fact]
    public async Task The_timers_go_on_when_the_silo_that_runs_them_is_killed()
    {
        await using var cluster = await Start(TestStore.InMemory(), silos: 2);
        await Sleepers.Sleep(cluster.Views, ("a", TimeProvider.System.GetUtcNow()));
        (await _sleepers.Next()).ShouldBe("a");

        await cluster.Kill(cluster.Cluster.Silos[1]);
        await Sleepers.Sleep(cluster.Views, ("b", TimeProvider.System.GetUtcNow()));
        (await _sleepers.Next()).ShouldBe("b");

        await cluster.Cluster.StartAdditionalSiloAsync();
        await cluster.Kill(cluster.Cluster.Silos[0]);
        await Sleepers.Sleep(cluster.Views, ("c", TimeProvider.System.GetUtcNow()));
        (await _sleepers.Next()).ShouldBe("c");
    }

    [Fact]
    public async Task A_document_that_waits_for_nothing_is_left_alone()
    {
        await using var cluster = await Start(TestStore.InMemory());
        await Sleepers.Sleep(cluster.Views, ("a", TimeProvider.System.GetUtcNow()));
        await Sleepers.GetUp(cluster.Views, "quiet");
        (await _sleepers.Next()).ShouldBe("a");
        await Sleepers.Sleep(cluster.Views, ("b", TimeProvider.System.GetUtcNow()));
        (await _sleepers.Next()).ShouldBe("b");

        _sleepers.Counts.Keys.Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task The_timers_go_on_when_the_store_was_gone_for_a_while()
    {
        var faults = new StoreFaults();
        await using var cluster = await Start(TestStore.InMemory(), faults: faults);
        var gone = faults.Before(StoreOperationKind.QueryView, Sleepers.Schema.StoreName).Times(5).Fails();
        await gone.Happened.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);

        await Sleepers.Sleep(cluster.Views, ("a", TimeProvider.System.GetUtcNow()));

        (await _sleepers.Next()).ShouldBe("a");
    }

    [Fact]
    public void A_view_without_the_field_is_refused() => Should.Throw<ArgumentException>(
        () => new WakeUpSource(new ViewSchema("orders", 1, []), _ => default)).Message.ShouldContain("orders needs an indexed field 'wakeAt'");

#if !ORLEANS
    // Orleans takes some times from the provider and some from the system, so its clock cannot be moved.
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_is_woken_when_its_time_comes_after_a_millisecond_or_after_years()
    {
        var time = ManualTime.Running(Beginning);
        await using var cluster = await Start(TestStore.InMemory(), time);
        await Sleepers.Sleep(
            cluster.Views,
            ("in years", Beginning.AddYears(3)),
            ("tomorrow", Beginning.AddDays(1)),
            ("soon", Beginning.AddMilliseconds(1)));

        (await _sleepers.Next()).ShouldBe("soon");
        time.Advance(TimeSpan.FromDays(1));
        (await _sleepers.Next()).ShouldBe("tomorrow");
        time.Advance(TimeSpan.FromDays(3 * 365));
        (await _sleepers.Next()).ShouldBe("in years");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timers_outlive_a_restart(bool onDisk)
    {
        var time = ManualTime.Running(Beginning);
        await using var cluster = await Start(onDisk ? TestStore.Sqlite() : TestStore.InMemory(), time);
        await Sleepers.Sleep(cluster.Views, ("a", Beginning.AddHours(1)), ("b", Beginning.AddHours(2)));

        await cluster.Restart();
        time.Advance(TimeSpan.FromHours(1));
        (await _sleepers.Next()).ShouldBe("a");

        time.Advance(TimeSpan.FromHours(1));
        await cluster.Restart();
        (await _sleepers.Next()).ShouldBe("b");
        _sleepers.Counts["a"].ShouldBe(1);
    }

    [Theory]
    [InlineData("lazy")]
    [InlineData("broken")]
    public async Task One_that_stays_due_is_woken_again_after_a_while_and_then_after_twice_as_long(string name)
    {
        var time = ManualTime.Running(Beginning);
        await using var cluster = await Start(TestStore.InMemory(), time, retry: TimeSpan.FromHours(1));
        await Sleepers.Sleep(cluster.Views, (name, Beginning));
        (await _sleepers.Next()).ShouldBe(name);

        await OthersAreWoken(cluster, time, "o");
        _sleepers.Counts[name].ShouldBe(1);

        time.Advance(TimeSpan.FromHours(1));
        (await _sleepers.Next()).ShouldBe(name);
        time.Advance(TimeSpan.FromHours(1));
        await OthersAreWoken(cluster, time, "p");
        _sleepers.Counts[name].ShouldBe(2);

        time.Advance(TimeSpan.FromHours(1));
        (await _sleepers.Next()).ShouldBe(name);
    }

    [Fact]
    public async Task Many_that_stay_due_do_not_stand_in_the_way_of_others()
    {
        var time = ManualTime.Running(Beginning);
        await using var cluster = await Start(TestStore.InMemory(), time, retry: TimeSpan.FromHours(1));
        await Sleepers.Sleep(cluster.Views, Enumerable.Range(0, 1200).Select(i => ($"lazy {i}", Beginning.AddHours(-1))));
        for (var i = 0; i < 1200; i++)
        {
            await _sleepers.Next();
        }

        await OthersAreWoken(cluster, time, "o");

        _sleepers.Counts.Where(c => c.Key.StartsWith("lazy", StringComparison.Ordinal)).ShouldAllBe(c => c.Value == 1);
    }

    private async Task OthersAreWoken(LoireTestCluster cluster, ManualTime time, string prefix)
    {
        for (var i = 0; i < 5; i++)
        {
            await Sleepers.Sleep(cluster.Views, ($"{prefix}{i}", time.GetUtcNow()));
            time.Advance(TimeSpan.FromSeconds(2));
            (await _sleepers.Next()).ShouldBe($"{prefix}{i}");
        }
    }
#endif

    private Task<LoireTestCluster> Start(
        TestStore store, TimeProvider? time = null, short silos = 1, TimeSpan? retry = null, StoreFaults? faults = null) =>
        LoireTestCluster.Start(
            loire =>
            {
                _sleepers.Register(loire);
                loire.Services.Configure<TimerOptions>(o =>
                {
                    o.RetryDelay = retry ?? o.RetryDelay;
                    o.MaxRetryDelay = TimeSpan.FromDays(1);
                    o.Poll = TimeSpan.FromMilliseconds(20);
                });
            },
            new LoireTestClusterOptions { Store = store, Silos = silos, Time = time ?? TimeProvider.System, Faults = faults });
}
