using System.Net;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>A rebuild does not take over by itself with less than the view has.</summary>
public sealed class RebuildSafetyTests
{
    [Fact]
    public async Task A_handler_that_fails_on_more_than_before_does_not_take_over_until_somebody_accepts_it()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        await host.Open("b");
        await host.Deposit("b", 14, 3);
        (await host.Of("b")).ShouldBe(" 14 3");
        host.Trouble.With(14);

        (await host.Rebuilt()).State.ShouldBe(RebuildState.Failed);

        var plan = await Get(host, "/api/subscriptions/deposits/rebuild");
        plan.GetProperty("setAside").GetInt32().ShouldBe(4);
        plan.GetProperty("lastError").GetString().ShouldBe(
            "1 of the 2 events that cannot be handled could be when the view was filled before. "
            + $"The first is event 6 ({await EventAt(host, 6)}, account.deposited, account/b version 2): "
            + "14 is bad luck Resume the rebuild with deadLetters=accept, or cancel it.");
        (await host.Of("b")).ShouldBe(" 14 3");
        (await Get(host, "/api/dead-letters")).GetProperty("total").GetInt32().ShouldBe(2);
        await host.Rebuild.Resume();
        (await host.Ended()).State.ShouldBe(RebuildState.Failed);

        (await host.Cluster.Http.PostAsync("/api/subscriptions/deposits/rebuild/resume?deadLetters=drop", null)).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        (await host.Cluster.Http.PostAsync("/api/subscriptions/deposits/rebuild/resume?deadLetters=accept", null)).StatusCode
            .ShouldBe(HttpStatusCode.Accepted);
        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
        await host.Until(all => all.Count == 4 && all.All(l => l.Generation == "deposits@1.2"));
        (await Get(host, "/api/dead-letters?state=parked")).GetProperty("total").GetInt32().ShouldBe(2);
        (await host.Of("b")).ShouldBeNull();
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task A_handler_that_was_mended_meanwhile_clears_what_was_set_aside()
    {
        await using var host = await LettersHost.Start();
        await host.Open("b");
        await host.Deposit("b", 14, 3);
        (await host.Of("b")).ShouldBe(" 14 3");
        host.Trouble.With(14);
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Failed);
        host.Trouble.Over();

        await host.Rebuild.Resume();

        var ended = await host.Ended();
        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        ended.SetAside.ShouldBe(0);
        (await host.Of("b")).ShouldBe(" 14 3");
        await host.ShouldBeSound();
        (await host.All()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_handler_that_is_broken_ends_the_rebuild_before_it_has_set_everything_aside()
    {
        await using var host = await LettersHost.Start();
        for (var n = 0; n < 60; n++)
        {
            await host.Cluster.Given("account", $"a{n}", new AccountEvent.Deposited(Money.Of(1)));
        }

        await host.Cluster.Reached("deposits@1");
        host.Trouble.Everything = true;

        var failed = await host.Rebuilt();

        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldContain("the handler seems to be broken");
        failed.SetAside.ShouldBe(20);
        await host.Rebuild.ResumeAccepting();
        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
        (await host.Until(all => all.All(l => l.Generation == "deposits@1.2"))).Count.ShouldBe(60);
    }

    [Fact]
    public async Task A_take_over_that_fails_says_so_and_goes_on_when_it_can()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults, gateway: true);
        await host.Park("a", 2);
        var broken = faults.Before(StoreOperationKind.CommitView, "generations/deposits").Skip(2).Times(1_000).Fails();
        await host.Rebuild.Start();
        await broken.Happened.WaitAsync(LoireHost.Limit);

        var plan = await host.Until(
            () => Get(host, "/api/subscriptions/deposits/rebuild"),
            p => p.GetProperty("takingOver").GetBoolean() && p.GetProperty("failedAttempts").GetInt32() > 1);

        plan.GetProperty("state").GetString().ShouldBe("running");
        plan.GetProperty("lastError").GetString().ShouldNotBeNullOrEmpty();
        (await host.Rebuild.Cancel()).Refusal.ShouldBe("The rebuild is taking over.");
        await host.Until(
            () => Get(host, "/api/subscriptions/deposits"), s => s.GetProperty("lastError").GetString() == "Generation 2 is taking over.");
        faults.Clear();
        var ended = await host.Ended();
        (ended.State, ended.TakingOver, ended.FailedAttempts).ShouldBe((RebuildState.Completed, false, 0));
        host.Trouble.Over();
        await host.Letters.RetryAll();
        (await host.Of("a")).ShouldBe(" 1 13 2");
    }

    [Theory]
    [InlineData("when it begins", 1)]
    [InlineData("when it has begun", 2)]
    public async Task Why_a_take_over_failed_is_told_at_its_first_failure(string when, int skip)
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        faults.Before(StoreOperationKind.CommitView, "generations/deposits").Skip(skip).Fails();

        var rebuilt = await host.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed);
        rebuilt.LastError.ShouldNotBeNull(when).ShouldContain("generations/deposits");
    }

    private static async Task<Guid> EventAt(LettersHost host, long position) => (await host.All()).First(l => l.Position == position).EventId;

    private static async Task<JsonElement> Get(LettersHost host, string path) =>
        JsonElement.Parse(await host.Cluster.Http.GetStringAsync(path));
}
