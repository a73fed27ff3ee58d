using System.Threading.Channels;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests;

public sealed class ReminderTests
{
    private readonly Channel<string> _ticks = Channel.CreateUnbounded<string>();

#if !ORLEANS
    // Orleans takes some times from the provider and some from the system, so its clock cannot be moved.
    [Fact]
    public async Task A_reminder_outlives_the_process_and_ticks_in_the_next_one()
    {
        var first = await LoireHost.Start(loire: l => l.Services.AddSingleton(_ticks));
        await first.Grains.GetGrain<IAlarmGrain>("a").Set();
        var folder = await first.Stop();

        // The first tick is due in an hour, and then every hour: the next process starts a second before the third.
        await using var second = await LoireHost.Start(
            folder, loire: l => l.Services.AddSingleton(_ticks), time: new ShiftedTime(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1)));

        (await second.Grains.GetGrain<IAlarmGrain>("a").IsSet()).ShouldBeTrue();
        using var limit = new CancellationTokenSource(LoireHost.Limit);
        (await _ticks.Reader.ReadAsync(limit.Token)).ShouldBe("a/hourly");
    }

    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }
#endif

    [Fact]
    public async Task Reminders_go_on_when_the_silo_that_has_them_is_killed()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.Services.AddSingleton(_ticks),
            new LoireTestClusterOptions
            {
                Silos = 2,
                Silo = silo => silo.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1)),
            });
        var alarms = Enumerable.Range(0, 20).Select(i => $"a{i}").ToList();
        foreach (var alarm in alarms)
        {
            await cluster.Patiently(async () =>
            {
                await cluster.Grains.GetGrain<IAlarmGrain>(alarm).SetEvery(TimeSpan.FromSeconds(1));
                return true;
            });
        }

        await cluster.Kill(cluster.Cluster.Silos[1]);
        while (_ticks.Reader.TryRead(out _))
        {
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var silent = alarms.ToHashSet();
        while (silent.Count > 0)
        {
            silent.Remove((await _ticks.Reader.ReadAsync(limit.Token)).Split('/')[0]);
        }
    }

    [Fact]
    public async Task A_reminder_that_is_taken_back_is_gone_in_the_next_process()
    {
        var first = await LoireHost.Start(loire: l => l.Services.AddSingleton(_ticks));
        await first.Grains.GetGrain<IAlarmGrain>("a").Set();
        await first.Grains.GetGrain<IAlarmGrain>("b").Set();
        await first.Grains.GetGrain<IAlarmGrain>("a").TakeBack();
        var folder = await first.Stop();

        await using var second = await LoireHost.Start(folder, loire: l => l.Services.AddSingleton(_ticks));

        (await second.Grains.GetGrain<IAlarmGrain>("a").IsSet()).ShouldBeFalse();
        (await second.Grains.GetGrain<IAlarmGrain>("b").IsSet()).ShouldBeTrue();
    }
}

[Alias("loire.tests.alarm")]
public interface IAlarmGrain : IGrainWithStringKey
{
    [Alias("set")]
    Task Set();

    [Alias("set-every")]
    Task SetEvery(TimeSpan period);

    [Alias("take-back")]
    Task TakeBack();

    [Alias("is-set")]
    Task<bool> IsSet();
}

internal sealed class AlarmGrain(Channel<string> ticks) : Grain, IAlarmGrain, IRemindable
{
    public Task Set() => this.RegisterOrUpdateReminder("hourly", TimeSpan.FromHours(1), TimeSpan.FromHours(1));

    public Task SetEvery(TimeSpan period) => this.RegisterOrUpdateReminder("often", period, period);

    public async Task TakeBack() => await this.UnregisterReminder((await this.GetReminder("hourly"))!);

    public async Task<bool> IsSet() => await this.GetReminder("hourly") is not null;

    public async Task ReceiveReminder(string reminderName, TickStatus status) =>
        await ticks.Writer.WriteAsync($"{this.GetPrimaryKeyString()}/{reminderName}");
}
