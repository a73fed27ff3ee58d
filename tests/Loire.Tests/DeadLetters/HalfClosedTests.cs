using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Projections;
using Loire.Subscriptions;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>A take-over breaks off when nobody can write to one partition of the view any more, and the others go on for a while.</summary>
public sealed class HalfClosedTests
{
    [Fact]
    public async Task What_the_other_partitions_have_handled_meanwhile_does_not_come_back_as_set_aside()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start<JournalOfThree>(faults: faults);
        var accounts = Enumerable.Range(0, 9).Select(n => $"a{n}").ToList();
        foreach (var account in accounts)
        {
            await host.Park(account, 2);
        }

        var letters = (await host.All()).ToLookup(l => l.Partition);
        letters.Count.ShouldBe(3);
        var rebuild = new InterruptedRebuild(host, faults);

        // The partitions are closed in their order.
        await rebuild.Kill(faults.Before(StoreOperationKind.CommitView, "deposits@1").Skip(1));
        host.Trouble.Over();
        await Should.ThrowAsync<StoreUnavailableException>(() => RetryAll(host, 0));
        (await RetryAll(host, 1)).ShouldBe(new RetryReport(letters[1].Count(), 0, 0));
        (await RetryAll(host, 2)).ShouldBe(new RetryReport(letters[2].Count(), 0, 0));
        foreach (var account in accounts)
        {
            await host.Cluster.AcceptedInTheEnd("account", account, new AccountCommand.Deposit(Money.Of(9)), account);
        }

        var ended = await rebuild.Ended();

        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        foreach (var account in accounts)
        {
            (await host.Of(account)).ShouldBe(" 1 13 2 9", account);
        }

        await host.Until(all => all.Count == 0);
        await host.ShouldBeSound();
    }

    private static Task<RetryReport> RetryAll(LettersHost host, int partition) => host.Answer(() =>
        host.Cluster.Grains.GetGrain<IDeadLetterGrain>(SubscriptionBatch.KeyOf("deposits@1", partition)).RetryAll());

    private sealed class JournalOfThree(Trouble trouble) : DividedJournal(trouble, version: 1, partitions: 3);
}
