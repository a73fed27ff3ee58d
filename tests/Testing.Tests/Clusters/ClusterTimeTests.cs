#if !ORLEANS
using System.Threading.Channels;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing.Tests.Clusters;

/// <summary>Time that jumps. Orleans takes some times from the provider and some from the system, so its clock cannot be moved.</summary>
public sealed class ClusterTimeTests
{
    private readonly Channel<string> _ticks = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task Reminders_and_grain_timers_come_when_the_clock_jumps()
    {
        await using var cluster = await Start();
        await cluster.Grains.GetGrain<IEggGrain>("egg").Boil();

        cluster.Advance(TimeSpan.FromMinutes(10));
        (await Next()).ShouldBe("egg: timer");

        cluster.Advance(TimeSpan.FromHours(1));
        (await Next()).ShouldBe("egg: reminded");
    }

    [Fact]
    public async Task A_receipt_is_forgotten_when_its_time_has_come()
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));
        var first = await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)), key: "k");
        (await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)), key: "k")).Position.ShouldBe(first.Position);

        cluster.Advance(TimeSpan.FromHours(25));

        (await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)), key: "k")).Position.ShouldBe(first.Position + 1);
    }

    [Fact]
    public async Task A_cluster_goes_on_working_after_a_jump()
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));

        cluster.Advance(TimeSpan.FromDays(30));

        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)));
        (await cluster.View<AccountView>("accounts", "a-1"))!.Balance.ShouldBe(6);
    }

    [Fact]
    public async Task A_clock_that_cannot_be_moved_is_not()
    {
        await using var cluster = await LoireTestCluster.Start(loire => loire.AddCommerce());

        Should.Throw<InvalidOperationException>(() => cluster.Advance(TimeSpan.FromDays(1)));
    }

    private Task<LoireTestCluster> Start() => LoireTestCluster.Start(
        loire =>
        {
            loire.AddCommerce();
            loire.Services.AddSingleton(_ticks);
        },
        new LoireTestClusterOptions { Time = ManualTime.Running() });

    private async Task<string> Next()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _ticks.Reader.ReadAsync(limit.Token);
    }
}

[Alias("loire.testing.tests.egg")]
public interface IEggGrain : IGrainWithStringKey
{
    /// <summary>Sets a timer to ten minutes, which a grain that nobody calls lives to see, and a reminder to an hour.</summary>
    [Alias("boil")]
    Task Boil();
}

internal sealed class EggGrain(Channel<string> ticks) : Grain, IEggGrain, IRemindable
{
    public async Task Boil()
    {
        this.RegisterGrainTimer(
            _ => ticks.Writer.WriteAsync($"{this.GetPrimaryKeyString()}: timer").AsTask(),
            new GrainTimerCreationOptions { DueTime = TimeSpan.FromMinutes(10), Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        await this.RegisterOrUpdateReminder("ready", TimeSpan.FromHours(1), TimeSpan.FromDays(1));
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        ticks.Writer.WriteAsync($"{this.GetPrimaryKeyString()}: reminded").AsTask();
}
#endif
