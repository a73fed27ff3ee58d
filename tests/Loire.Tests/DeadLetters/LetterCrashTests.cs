using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>A silo dies at, before and after each write to the view while events are set aside, parked and handled in the end.</summary>
public sealed class LetterCrashTests
{
    public static TheoryData<int, bool> Places
    {
        get
        {
            var places = new TheoryData<int, bool>();
            for (var write = 0; write < 8; write++)
            {
                places.Add(write, false);
                places.Add(write, true);
            }

            return places;
        }
    }

    // The writes: resume, what came before the bad event, the bad event, what came after it with two that wait, two more
    // attempts of which the last parks it, a retry that handles it, and those behind it.
    [Theory]
    [MemberData(nameof(Places))]
    public async Task Nothing_is_lost_doubled_or_out_of_order_wherever_a_silo_dies(int skipped, bool after)
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        var cluster = host.Cluster;
        host.Trouble.With(13);
        await host.Open("a");
        await host.Open("b");
        await cluster.Reached("deposits@1");
        await host.Subscription.Pause();
        await cluster.Given("account", "a", Deposits(1, 13, 2, 3));
        await cluster.Given("account", "b", Deposits(5, 6));
        var silo = cluster.Cluster.Silos[0];
        var crash = (after ? faults.After(StoreOperationKind.CommitView, "deposits@1") : faults.Before(StoreOperationKind.CommitView, "deposits@1"))
            .Skip(skipped).Kills(cluster, silo);

        var story = Handle(host);
        await crash.Happened.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cluster.Cluster.StartAdditionalSiloAsync();
        await story;

        (await host.Of("a")).ShouldBe(" 1 13 2 3");
        (await host.Of("b")).ShouldBe(" 5 6");
        (await cluster.Views.Query(DeadLetter.Schema, new ViewQuery())).Total.ShouldBe(0);
    }

    private static async Task Handle(LettersHost host)
    {
        await InTheEnd(host, async () =>
        {
            await host.Subscription.Resume();
            return true;
        });
        await host.Until(() => States(host), states => states.SequenceEqual(["parked", "waiting", "waiting"]));
        host.Trouble.Over();
        await InTheEnd(host, () => host.Letters.RetryAll());
        await host.Until(() => States(host), states => states.Count == 0);
    }

    // Past the silos, which come and go.
    private static async Task<IReadOnlyList<string>> States(LettersHost host)
    {
        await host.Cluster.Views.Define(DeadLetter.Schema);
        var page = await host.Cluster.Views.Query(DeadLetter.Schema, new ViewQuery());
        return [.. page.Items.Select(d => JsonElement.Parse(d.Json.Span).GetProperty("state").GetString()!)];
    }

    private static Task<T> InTheEnd<T>(LettersHost host, Func<Task<T>> call) => host.Cluster.Patiently(async () =>
    {
        try
        {
            return await call();
        }
        catch (StoreUnavailableException e)
        {
            throw new TimeoutException("The store is not available.", e);
        }
    });

    private static object[] Deposits(params decimal[] amounts) => [.. amounts.Select(a => new AccountEvent.Deposited(Money.Of(a)))];
}
