using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Projections;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.DeadLetters;

/// <summary>What is decided about dead letters of a version that people still read, while the next one is being filled.</summary>
public sealed class OldVersionTests
{
    private const string Thirteen = "deposits@1:0:0000000000000023";

    [Theory]
    [InlineData("before the fill", "generations/deposits", 0)]
    [InlineData("before the event", "deposits@2.2", 4)]
    [InlineData("after the event", "deposits@2.2", 32)]
    public async Task An_event_that_is_never_to_be_handled_is_left_out_by_the_next_version(string when, string held, int skip)
    {
        var trouble = new Trouble();
        await using var host = await Upgrade(trouble, mended: false, held, skip, async before =>
            (await Operations(before).Delete(Thirteen)).ShouldBeOfType<DeadLetterReply.Done>());

        (await host.Of("a")).ShouldBe(" 1 2", when);
        (await host.All()).ShouldBeEmpty();
        await host.ShouldBeSound();
        trouble.Over();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 2", when);
        await host.ShouldBeSound();
    }

    [Theory]
    [InlineData("generations/deposits", 0, " 1")]
    [InlineData("deposits@2.2", 4, " 1 13 2")]
    [InlineData("deposits@2.2", 32, " 1 13 2")]
    public async Task If_the_next_version_has_handled_it_that_counts_from_the_next_rebuild_on(string held, int skip, string until)
    {
        await using var host = await Upgrade(new Trouble(), mended: true, held, skip, async before =>
            (await Operations(before).DeleteAll("deposits@1", before: null)).ShouldBe(new PurgeReport(2, MoreLeft: false)));

        (await host.Of("a")).ShouldBe(until);
        await host.ShouldBeSound();
        var (amendments, _, _) = await Operations(host).Amendments("deposits", 10, cursor: null);
        amendments.Select(a => (a.Position, a.Data, a.Partitions)).ShouldBe([(23, null, 1), (24, null, 1)]);
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task What_waited_behind_it_goes_on_where_the_old_version_comes_back()
    {
        var trouble = new Trouble();
        var storage = await OldVersion(trouble);
        await using (var next = await LettersHost.Start<JournalOfFour>(
            o => o.Then = FailureAction.Stop, store: TestStore.InMemory(storage), trouble: trouble))
        {
            (await next.Ended()).State.ShouldBe(RebuildState.Failed);
            (await Operations(next).Delete(Thirteen)).ShouldBeOfType<DeadLetterReply.Done>();
            await next.Rebuild.Cancel();
        }

        await using var old = await LettersHost.Start(store: TestStore.InMemory(storage), trouble: trouble);

        await old.Until(all => all.Count == 0);
        await old.Deposit("a", 3);
        (await old.Of("a")).ShouldBe(" 1 2 3");
        await old.ShouldBeSound();
    }

    [Fact]
    public async Task While_the_next_version_takes_over_nothing_is_decided_about_letters_that_are_about_to_go()
    {
        var trouble = new Trouble();
        await using var host = await Upgrade(trouble, mended: false, "generations/deposits", 2, async before =>
            await Should.ThrowAsync<StoreUnavailableException>(() => Operations(before).Delete(Thirteen)));

        (await host.Until(all => all.All(l => l.Queue == "deposits@2"))).Count.ShouldBe(2);
        (await Operations(host).Amendments("deposits", 10, cursor: null)).Total.ShouldBe(0);
    }

    // Does something while the next version is held at some write, and waits until it has taken over.
    private static async Task<LettersHost> Upgrade(Trouble trouble, bool mended, string held, int skip, Func<LettersHost, Task> decide)
    {
        var storage = await OldVersion(trouble);
        if (mended)
        {
            trouble.Over();
        }

        var faults = new StoreFaults();
        var fill = faults.Before(StoreOperationKind.CommitView, held).Skip(skip).Holds();
        var host = await LettersHost.Start<JournalOfFour>(faults: faults, store: TestStore.InMemory(storage), trouble: trouble);
        await fill.Happened.WaitAsync(LoireHost.Limit);
        await decide(host);
        fill.Release();
        var ended = await host.Ended();
        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        return host;
    }

    // The event at 23 is parked, and the one at 24 waits behind it.
    private static async Task<InMemoryStorage> OldVersion(Trouble trouble)
    {
        var storage = new InMemoryStorage();
        await using var host = await LettersHost.Start(store: TestStore.InMemory(storage), trouble: trouble);
        await host.Open("x");
        await host.Deposit("x", [.. Enumerable.Range(100, 19).Select(n => (decimal)n)]);
        await host.Park("a", 2);
        await host.Deposit("x", [.. Enumerable.Range(200, 20).Select(n => (decimal)n)]);
        await host.Cluster.Reached("deposits@1");
        return storage;
    }

    private static DeadLetterOperations Operations(LettersHost host) => host.Cluster.Services.GetRequiredService<DeadLetterOperations>();

    private sealed class JournalOfFour(Trouble trouble) : DividedJournal(trouble, version: 2, partitions: 4);
}
