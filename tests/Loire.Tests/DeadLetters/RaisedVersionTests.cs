using Loire.DeadLetters;
using Loire.Projections;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.DeadLetters;

/// <summary>What was decided about dead letters of a view holds for its next version, however that is divided.</summary>
public sealed class RaisedVersionTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Decisions_and_letters_outlive_a_version(string kind)
    {
        var directory = Directory.CreateTempSubdirectory("loire-");
        var storage = new InMemoryStorage();
        TestStore Store() => kind == "memory" ? TestStore.InMemory(storage) : TestStore.Sqlite(directory.FullName);
        var trouble = new Trouble();
        await using (var before = await LettersHost.Start(store: Store(), trouble: trouble))
        {
            await before.Park("a", 2);
            await before.Letters.Edit((await Head(before, "a")).Id, """{"amount":12}"""u8.ToArray(), "ada");
            await before.Letters.RetryAll();
            await before.Park("b", 3);
            await before.Letters.Delete((await Head(before, "b")).Id);
            await before.Until(all => all.Count == 0);
            await before.Park("c", 4);
        }

        await using (var after = await LettersHost.Start<JournalOfFour>(store: Store(), trouble: trouble))
        {
            var ended = await after.Cluster.Patiently(async () => await after.Rebuild.Status() is { State: not RebuildState.Running } plan
                ? plan
                : throw new TimeoutException("The rebuild still runs."));
            ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
            (await after.Of("a")).ShouldBe(" 1 12 2");
            (await after.Of("b")).ShouldBe(" 1 3");
            (await after.Of("c")).ShouldBe(" 1");
            var letters = await after.Until(all => all.All(l => l.Queue == "deposits@2"));
            letters.Select(l => l.State).ShouldBe([DeadLetterState.Parked, DeadLetterState.Waiting]);
            await after.ShouldBeSound();

            trouble.Over();
            var operations = after.Cluster.Services.GetRequiredService<DeadLetterOperations>();
            (await operations.RetryAll("deposits@2")).ShouldBe(new RetryReport(2, 0, 0));
            (await after.Of("c")).ShouldBe(" 1 13 4");
            (await after.Rebuilt()).State.ShouldBe(RebuildState.Completed);
            (await after.Of("a")).ShouldBe(" 1 12 2");
            (await after.Of("b")).ShouldBe(" 1 3");
            await after.ShouldBeSound();
        }

        directory.Delete(recursive: true);
    }

    private static async Task<DeadLetter> Head(LettersHost host, string account) =>
        (await host.All()).First(l => l.AggregateId == account && l.HeadOf is not null);

    private sealed class JournalOfFour(Trouble trouble) : DividedJournal(trouble, version: 2, partitions: 4);
}
