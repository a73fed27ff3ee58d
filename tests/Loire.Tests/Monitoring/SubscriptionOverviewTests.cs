using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Monitoring;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Tests.Reactors;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Monitoring;

public sealed class SubscriptionOverviewTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly Mailer.Script _script = new();

    [Fact]
    public async Task Who_has_handled_all_that_it_wants_is_at_the_head_though_others_are_not()
    {
        var mail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Does = (_, _) => mail.Task;
        await using var cluster = await Start();
        await Deposit(cluster, "a-1");
        await cluster.Reached("accounts@1");

        var (accounts, products, mailer) = (
            await cluster.HealthOf("accounts@1", s => s is { State: SubscriptionState.Ok, Lag: 0 }),
            await cluster.HealthOf("products@1", s => s.State == SubscriptionState.Ok),
            await cluster.HealthOf("mailer"));

        (accounts.Position, accounts.Lag, accounts.LagTime).ShouldBe((cluster.Log.Head, 0, TimeSpan.Zero));
        (products.Position, products.Lag, products.LagTime).ShouldBe((cluster.Log.Head, 0, TimeSpan.Zero));
        (mailer.Position, mailer.Lag).ShouldBe((cluster.Log.Head - 1, 1));
        mailer.LagTime!.Value.ShouldBeGreaterThan(TimeSpan.Zero);

        mail.SetResult();
        (await cluster.HealthOf("mailer", s => s.Lag == 0)).LagTime.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Nobody_calls_the_grain_of_a_subscription_to_see_how_it_does()
    {
        var calls = 0;
        await using var cluster = await Start(silo: s => s.AddIncomingGrainCallFilter(context =>
        {
            // Whoever looks after sagas waits for their view.
            calls += context.InterfaceMethod.DeclaringType == typeof(ISubscriptionGrain)
                && !context.TargetId.Key.ToString()!.StartsWith("sagas@", StringComparison.Ordinal) ? 1 : 0;
            return context.Invoke();
        }));

        await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Ok);
        (await cluster.Http.GetAsync("/api/subscriptions", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await cluster.Http.GetAsync("/health", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await cluster.Http.GetAsync("/api/views", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        calls.ShouldBe(0);

        await cluster.Reached("mailer");
        calls.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Where_nobody_has_reported_the_checkpoints_tell()
    {
        await using var cluster = await Start(silo: s => s.AddIncomingGrainCallFilter(context =>
            context.InterfaceMethod.Name == nameof(ISubscriptionMonitorGrain.Report) ? Task.CompletedTask : context.Invoke()));
        await Deposit(cluster, "a-1");
        await cluster.Reached("mailer");
        await cluster.Reached("accounts@1");

        foreach (var name in new[] { "accounts@1", "products@1", "mailer" })
        {
            var health = await cluster.HealthOf(name);
            (health.Position, health.Lag, health.HeartbeatAge).ShouldBe((cluster.Log.Head, 0, null));
            health.State.ShouldBeOneOf(SubscriptionState.Starting, SubscriptionState.Dead);
        }

        (await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Dead)).NeedsHelp.ShouldBeTrue();
    }

    [Fact]
    public async Task A_grain_that_hangs_shows_by_the_age_of_its_heartbeat()
    {
        _script.Does = (_, _) => new TaskCompletionSource().Task;
        await using var cluster = await Start();
        await Deposit(cluster, "a-1");

        var hanging = await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Dead);

        hanging.HeartbeatAge!.Value.ShouldBeGreaterThan(Short);
        hanging.Lag.ShouldBe(1);
        (await cluster.HealthOf("accounts@1", s => s.Lag == 0)).NeedsHelp.ShouldBeFalse();
        await HealthIs(cluster, 503, "mailer is dead");
    }

    [Fact]
    public async Task A_subscription_that_fails_for_long_is_stuck_until_it_gets_on()
    {
        _script.Does = (_, _) => throw new EventLog.StoreUnavailableException("no post today");
        await using var cluster = await Start();
        await Deposit(cluster, "a-1");

        (await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Retrying)).NeedsHelp.ShouldBeFalse();
        var stuck = await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Stuck);

        stuck.LastError!.ShouldEndWith("no post today");
        stuck.Partitions.Single().Failures.ShouldBeGreaterThan(1);
        await HealthIs(cluster, 503, "mailer is stuck");

        _script.Does = (_, _) => Task.CompletedTask;
        (await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Ok)).Lag.ShouldBe(0);
        await HealthIs(cluster, 200, "\"behind\":0");
    }

    [Fact]
    public async Task To_be_behind_is_no_illness()
    {
        var mail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Does = (_, _) => mail.Task;
        await using var cluster = await Start(dead: TimeSpan.FromMinutes(1));
        await Deposit(cluster, "a-1");

        await cluster.HealthOf("mailer", s => s is { Lag: 1, HeartbeatAge.TotalSeconds: > 1 });

        await HealthIs(cluster, 200, "\"behind\":1");
        mail.SetResult();
    }

    [Fact]
    public async Task The_rate_is_that_of_the_last_seconds()
    {
        await using var cluster = await Start();
        await cluster.HealthOf("accounts@1", s => s.HeartbeatAge is not null);
        for (var i = 0; i < 100; i++)
        {
            await cluster.Given("account", $"a-{i}", new AccountEvent.Opened("o-1", Money.Zero));
        }

        var busy = await cluster.HealthOf("accounts@1", s => s is { Rate: > 1, Lag: 0 });
        var idle = await cluster.HealthOf("accounts@1", s => s.Rate < busy.Rate);

        busy.Rate.ShouldBeLessThan(200);
        idle.Rate.ShouldBeGreaterThanOrEqualTo(0);
        (await cluster.HealthOf("products@1")).Rate.ShouldBe(0);
    }

    private Task<LoireTestCluster> Start(Action<ISiloBuilder>? silo = null, TimeSpan? dead = null) => LoireTestCluster.Start(
        loire =>
        {
            loire.AddCommerce();
            loire.Services.AddSingleton(_script);
            loire.AddReactor<Mailer>(o => o.TimeLimit = TimeSpan.FromMinutes(10));
            loire.Services.Configure<SubscriptionOptions>(o =>
            {
                o.Heartbeat = TimeSpan.FromMilliseconds(50);
                o.ReportInterval = TimeSpan.FromMilliseconds(50);
                o.MaxRetryDelay = TimeSpan.FromMilliseconds(200);
                o.DeadAfter = dead ?? Short;
                o.StuckAfter = TimeSpan.FromSeconds(1);
            });
        },
        new LoireTestClusterOptions { Gateway = true, Silo = silo, Logging = Microsoft.Extensions.Logging.LogLevel.None });

    private static async Task HealthIs(LoireTestCluster cluster, int status, string detail)
    {
        var answer = await cluster.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(detail);
    }

    private static async Task Deposit(LoireTestCluster cluster, string id)
    {
        await cluster.Accepted("account", id, new AccountCommand.Open("o-1", Money.Zero));
        await cluster.Accepted("account", id, new AccountCommand.Deposit(Money.Of(1)));
    }
}
