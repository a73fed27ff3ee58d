using Loire.DeadLetters;
using Loire.EventLog.ContractTests.PostgreSql;
using Loire.Projections;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.DeadLetters;

/// <summary>A rebuild sets aside what cannot be handled, as the view's subscription would.</summary>
public sealed class RebuildLetterTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public Task What_cannot_be_handled_is_set_aside_and_waits_for_people(string store) =>
        IsSetAside(store == "memory" ? TestStore.InMemory() : TestStore.Sqlite());

    [Fact]
    public async Task The_same_in_PostgreSQL()
    {
        await using var server = await PostgreSqlServer.Start();

        await IsSetAside(TestStore.PostgreSql(server.ConnectionString()));
    }

    private static async Task IsSetAside(TestStore store)
    {
        await using var host = await LettersHost.Start(store: store);
        await host.Park("a", 2);
        await host.Park("b\ud83d\ude00", 3);
        await host.Open("c");
        await host.Deposit("c", 4, 5, 6, 7, 8);
        await host.Cluster.Reached("deposits@1");

        var rebuilt = await host.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        rebuilt.SetAside.ShouldBe(4);
        var letters = await host.Until(all => all.All(l => l.Generation == "deposits@1.2"));
        letters.Select(l => l.State).ShouldBe(
            [DeadLetterState.Parked, DeadLetterState.Waiting, DeadLetterState.Parked, DeadLetterState.Waiting]);
        letters[0].Error.ShouldBe("13 is bad luck");
        await host.Deposit("a", 9);
        (await host.Of("a")).ShouldBe(" 1");
        (await host.Of("c")).ShouldBe(" 4 5 6 7 8");
        await host.ShouldBeSound();
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(5, 0, 0));
        (await host.Of("a")).ShouldBe(" 1 13 2 9");
        (await host.Of("b\ud83d\ude00")).ShouldBe(" 1 13 3");
        (await host.All()).ShouldBeEmpty();
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task With_the_policy_skip_an_event_leaves_a_record_again()
    {
        await using var host = await LettersHost.Start(o => o.Then = FailureAction.Skip);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 1, 13, 2);
        await host.Until(letters => letters is [{ State: DeadLetterState.Skipped }]);

        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);

        (await host.Until(all => all is [{ Generation: "deposits@1.2" }]))[0].State.ShouldBe(DeadLetterState.Skipped);
        (await host.Of("a")).ShouldBe(" 1 2");
        await host.ShouldBeSound();
        host.Trouble.Over();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 13 2");
        await host.Until(all => all.Count == 0);
    }

    [Fact]
    public async Task With_the_policy_stop_an_event_ends_the_rebuild_and_nothing_permits_more()
    {
        await using var host = await LettersHost.Start(o => o.Then = FailureAction.Stop);
        await host.Open("a");
        await host.Deposit("a", 13);
        (await host.Of("a")).ShouldBe(" 13");
        host.Trouble.With(13);

        var failed = await host.Rebuilt();

        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldContain("Event 2 (account.deposited, account/a version 2) could not be handled: 13 is bad luck");
        await host.Rebuild.ResumeAccepting();
        (await host.Ended()).State.ShouldBe(RebuildState.Failed);
        (await host.Of("a")).ShouldBe(" 13");
        host.Trouble.Over();
        await host.Rebuild.Resume();
        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
    }

    [Fact]
    public async Task Letters_of_a_generation_that_is_being_filled_are_nobodys()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Open("a");
        await host.Deposit("a", 1, 13, 2);
        (await host.Of("a")).ShouldBe(" 1 13 2");
        host.Trouble.With(13);
        var held = faults.After(StoreOperationKind.CommitView, "deposits@1.2").Skip(2).Holds();
        await host.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);

        var id = (await host.All())[0].Id;
        id.ShouldStartWith("deposits@1.2:");
        var letters = host.Cluster.Services.GetRequiredService<DeadLetterOperations>();
        (await letters.List(new DeadLetterQuery())).Total.ShouldBe(0);
        (await letters.Find(id)).ShouldBeNull();
        (await letters.Retry(id)).ShouldBeOfType<DeadLetterReply.NotFound>();
        (await letters.DeleteAll("deposits@1", before: null)).Deleted.ShouldBe(0);
        (await host.Cluster.Services.GetRequiredService<DeadLetterCounts>().Read()).ShouldBeEmpty();
        held.Release();

        (await host.Ended()).State.ShouldBe(RebuildState.Failed);
        (await letters.List(new DeadLetterQuery())).Total.ShouldBe(0);
        (await host.Rebuild.Cancel()).Plan!.State.ShouldBe(RebuildState.Cancelled);
        (await host.All()).ShouldBeEmpty();
        (await host.Of("a")).ShouldBe(" 1 13 2");
    }
}
