using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Loire.Tests.DeadLetters;

/// <summary>Accounts, and a view of their deposits that fails as <see cref="Trouble"/> says.</summary>
public sealed class LettersHost : IAsyncDisposable
{
    private LettersHost(LoireTestCluster cluster, Trouble trouble) => (Cluster, Trouble) = (cluster, trouble);

    public LoireTestCluster Cluster { get; }

    public Trouble Trouble { get; }

    public IDeadLetterGrain Letters => Cluster.Grains.GetGrain<IDeadLetterGrain>("deposits@1/0");

    public ISubscriptionGrain Subscription => Cluster.Grains.GetGrain<ISubscriptionGrain>("deposits@1/0");

    public IRebuildGrain Rebuild => Cluster.Grains.GetGrain<IRebuildGrain>("deposits");

    public static Task<LettersHost> Start(
        Action<FailurePolicy>? failures = null,
        StoreFaults? faults = null,
        TestStore? store = null,
        bool gateway = false,
        Trouble? trouble = null,
        TimeProvider? time = null) =>
        Start<JournalView>(failures, faults, store, gateway, trouble, time);

    /// <summary>With another projection of the same name.</summary>
    public static async Task<LettersHost> Start<TProjection>(
        Action<FailurePolicy>? failures = null,
        StoreFaults? faults = null,
        TestStore? store = null,
        bool gateway = false,
        Trouble? trouble = null,
        TimeProvider? time = null)
        where TProjection : Projection
    {
        trouble ??= new Trouble();
        var cluster = await LoireTestCluster.Start(
            loire =>
            {
                loire.AddAggregate<AccountGrain, AccountDecider>();
                loire.Services.AddSingleton(trouble);
                loire.Services.Configure<SubscriptionOptions>(o =>
                {
                    (o.Heartbeat, o.MaxRetryDelay) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50));
                    (o.Failures.InitialDelay, o.Failures.MaxDelay) = (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20));
                    o.Failures.MaxAttempts = 3;
                });
                loire.Services.Configure<RebuildOptions>(o =>
                {
                    (o.PageSize, o.LookEvery, o.Grace) = (4, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
                });
                loire.AddProjection<TProjection>(failures);
            },
            new LoireTestClusterOptions
            {
                Faults = faults,
                Gateway = gateway,
                Store = store ?? TestStore.InMemory(),
                Logging = LogLevel.Critical,
                // On Orleans a call to a silo that has died may take half a minute to fail.
                Limit = TimeSpan.FromMinutes(3),
                Time = time ?? TimeProvider.System,
            });
        return new LettersHost(cluster, trouble);
    }

    /// <summary>An account whose deposit of 13 is parked, with one of 1 before it and others behind it.</summary>
    public async Task Park(string account, params decimal[] behind)
    {
        Trouble.With(13);
        await Open(account);
        await Deposit(account, [1, 13, .. behind]);
        await Until(all => all.Any(l => l.AggregateId == account && l.State == DeadLetterState.Parked));
        await Cluster.Reached("deposits@1");
    }

    public Task Open(string account) => Cluster.Accepted("account", account, new AccountCommand.Open("ada", Money.Of(0)));

    public async Task Deposit(string account, params decimal[] amounts)
    {
        foreach (var amount in amounts)
        {
            await Cluster.Accepted("account", account, new AccountCommand.Deposit(Money.Of(amount)));
        }
    }

    public async Task<string?> Of(string account) => (await Cluster.View<Deposits>("deposits", account))?.Amounts;

    /// <summary>Rebuilds the view and waits for the end.</summary>
    public async Task<RebuildPlan> Rebuilt()
    {
        (await Rebuild.Start()).Refusal.ShouldBeNull();
        return await Ended();
    }

    public Task<RebuildPlan> Ended() => Cluster.Patiently(async () =>
        await Rebuild.Ended(TimeSpan.FromSeconds(2)) is { State: not RebuildState.Running } ended
            ? ended
            : throw new TimeoutException("The rebuild still runs."));

    /// <summary>Asks until somebody answers, though silos come and go; that the store refuses is an answer.</summary>
    public async Task<T> Answer<T>(Func<Task<T>> call)
    {
        var (answer, refusal) = await Cluster.Patiently(async () =>
        {
            try
            {
                return (await call(), (StoreUnavailableException?)null);
            }
            catch (StoreUnavailableException e)
            {
                return (default(T)!, e);
            }
        });
        return refusal is null ? answer : throw refusal;
    }

    /// <summary>Audits the view, which must be as the log and what was decided about its events say.</summary>
    public async Task ShouldBeSound()
    {
        var audit = Cluster.Grains.GetGrain<IAuditGrain>("deposits");
        (await audit.Start(new AuditRequest())).Refusal.ShouldBeNull();
        var report = await Cluster.Patiently(async () =>
            await audit.Ended(TimeSpan.FromSeconds(2)) is { State: not AuditState.Running } ended
                ? ended
                : throw new TimeoutException("The audit still runs."));
        report.IsSound.ShouldBeTrue($"{report.State} {report.LastError} {string.Join(", ", report.Tables.SelectMany(t => t.Differences))}");
    }

    /// <summary>All dead letters, in order; those of generations that are not live too.</summary>
    public async Task<IReadOnlyList<DeadLetter>> All()
    {
        var store = Cluster.Services.GetRequiredService<IViewStore>();
        await store.Define(DeadLetter.Schema);
        var page = await store.Query(DeadLetter.Schema, new ViewQuery { Limit = 1000 });
        return [.. page.Items.Select(d => JsonSerializer.Deserialize<DeadLetter>(d.Json.Span, LoireJson.Stored)!)];
    }

    /// <summary>The dead letters, once they are as they should be.</summary>
    public Task<IReadOnlyList<DeadLetter>> Until(Func<IReadOnlyList<DeadLetter>, bool> holds) => Until(All, holds);

    public async Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var found = await read();
            if (holds(found))
            {
                return found;
            }

            try
            {
                await Task.Delay(5, limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new SpecificationException($"It did not become so in time; it is {JsonSerializer.Serialize(found)}", e);
            }
        }
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
