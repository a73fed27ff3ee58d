using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>Silos die while a rebuild sets events aside and takes over with them; and two do the same rebuild at once.</summary>
public sealed class RebuildLetterCrashTests
{
    public static TheoryData<string, int, bool> Steps
    {
        get
        {
            var steps = new TheoryData<string, int, bool>();
            foreach (var (target, skip) in new[]
            {
                ("deposits@1.2", 0), ("deposits@1.2", 1), ("deposits@1.2", 2), ("deposits@1.2", 3), ("deposits@1.2/amendments", 0),
                ("generations/deposits", 1), ("generations/deposits", 2), ("deposits@1", 0), ("deposits@1/changes", 0),
                ("dead-letters/orphans", 0), ("rebuilds/deposits", 1),
            })
            {
                steps.Add(target, skip, false);
                steps.Add(target, skip, true);
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Nothing_is_lost_doubled_or_orphaned_wherever_a_silo_dies(string target, int skip, bool after)
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        var cluster = host.Cluster;
        await Prepare(host);
        var fault = (after ? faults.After(StoreOperationKind.CommitView, target) : faults.Before(StoreOperationKind.CommitView, target))
            .Skip(skip).Does(async () =>
            {
                var silo = cluster.Cluster.Silos[0];
                await cluster.Cluster.StartAdditionalSiloAsync();
                await cluster.Kill(silo);
            }).Fails();

        var starting = cluster.Patiently(() => host.Rebuild.Start());
        await fault.Happened.WaitAsync(LoireHost.Limit);
        await cluster.AcceptedInTheEnd("account", "a", new AccountCommand.Deposit(Money.Of(9)), "while-it-goes-on");
        await starting;

        await ShouldHaveTakenOver(host);
    }

    [Fact]
    public async Task Two_who_do_the_same_rebuild_at_once_set_each_event_aside_once()
    {
        var storage = new InMemoryStorage();
        await using var one = await LettersHost.Start(store: TestStore.InMemory(storage));
        await Prepare(one);
        await using var other = await LettersHost.Start(store: TestStore.InMemory(storage), trouble: one.Trouble);

        await one.Rebuild.Start();
        while ((await one.Rebuild.Status())!.State == RebuildState.Running)
        {
            await Task.WhenAll(one.Rebuild.Wake(), other.Rebuild.Wake(), other.Deposit("c", 9), one.Rebuild.Ended(TimeSpan.FromMilliseconds(5)));
        }

        await one.Deposit("a", 9);
        await ShouldHaveTakenOver(one);
    }

    private static async Task Prepare(LettersHost host)
    {
        await host.Park("a", 2, 3);
        await host.Park("b", 4);
        await host.Letters.Edit("deposits@1:0:0000000000000003", """{"amount":14}"""u8.ToArray(), "ada");
        host.Trouble.With(14);
        await host.Open("c");
        await host.Deposit("c", 5, 6, 7, 8);
        await host.Cluster.Reached("deposits@1");
    }

    private static async Task ShouldHaveTakenOver(LettersHost host)
    {
        var ended = await host.Ended();
        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        await host.Cluster.Reached("deposits@1");
        var letters = await host.Until(all => all.All(l => l.Generation == "deposits@1.2"));
        letters.Where(l => l.AggregateId == "a").Select(l => (l.State, l.Data)).ShouldBe(
        [
            (DeadLetterState.Parked, """{"amount":14}"""),
            (DeadLetterState.Waiting, """{"amount":2.00}"""),
            (DeadLetterState.Waiting, """{"amount":3.00}"""),
            (DeadLetterState.Waiting, """{"amount":9.00}"""),
        ]);
        letters.Where(l => l.AggregateId == "b").Select(l => l.State).ShouldBe([DeadLetterState.Parked, DeadLetterState.Waiting]);
        letters.Count.ShouldBe(6);
        await host.ShouldBeSound();
        host.Trouble.Over();
        (await host.Cluster.Patiently(() => host.Letters.RetryAll())).Failed.ShouldBe(0);
        (await host.Of("a")).ShouldBe(" 1 14 2 3 9");
        (await host.Of("b")).ShouldBe(" 1 13 4");
        (await host.Of("c"))!.ShouldStartWith(" 5 6 7 8");
        await host.ShouldBeSound();
        (await host.All()).ShouldBeEmpty();
    }
}
