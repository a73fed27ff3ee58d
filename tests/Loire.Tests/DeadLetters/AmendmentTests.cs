using System.Net;
using System.Text.Json;
using Loire.DeadLetters;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>What people have decided about dead letters stays: whoever folds the log again does the same.</summary>
public sealed class AmendmentTests
{
    private const string Thirteen = "deposits@1:0:0000000000000003";

    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_edited_payload_is_what_audits_and_rebuilds_handle(string store)
    {
        await using var host = await LettersHost.Start(store: store == "memory" ? TestStore.InMemory() : TestStore.Sqlite());
        await host.Park("a", 2);
        await host.Letters.Edit(Thirteen, """{"amount":11}"""u8.ToArray(), "ada");
        await host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "bob");
        await host.ShouldBeSound();
        await host.Letters.Retry(Thirteen);
        (await host.Of("a")).ShouldBe(" 1 12 2");
        await host.ShouldBeSound();

        for (var time = 0; time < 2; time++)
        {
            var rebuilt = await host.Rebuilt();
            rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
            rebuilt.SetAside.ShouldBe(0);
            (await host.Of("a")).ShouldBe(" 1 12 2");
            await host.ShouldBeSound();
        }

        // What was decided outlives the generations that it was decided for.
        await host.Until(() => host.Cluster.Views.Checkpoint("deposits@1.2", 0), checkpoint => checkpoint == 0);
        await host.Deposit("a", 13);
        var letter = (await host.Until(all => all is [{ State: DeadLetterState.Parked }]))[0];
        await host.Letters.Edit(letter.Id, """{"amount":15}"""u8.ToArray(), "ada");
        await host.Letters.RetryAll();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 12 2 15");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task An_event_that_is_never_to_be_handled_is_not_handled_by_a_rebuild_either()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        await host.Park("b", 3);
        await host.Letters.Delete(Thirteen);
        await host.Until(letters => letters.All(l => l.AggregateId == "b"));
        (await host.Letters.DeleteAll(before: null)).Deleted.ShouldBe(2);
        await host.Until(letters => letters.Count == 0);
        await host.ShouldBeSound();

        host.Trouble.Over();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);

        (await host.Of("a")).ShouldBe(" 1 2");
        (await host.Of("b")).ShouldBe(" 1");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task A_letter_that_was_edited_is_edited_in_the_generation_that_takes_over()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        host.Trouble.With(14);
        await host.Letters.Edit(Thirteen, """{"amount":14}"""u8.ToArray(), "ada");

        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);

        var letters = await host.Until(all => all.All(l => l.Generation == "deposits@1.2"));
        letters.Select(l => l.State).ShouldBe([DeadLetterState.Parked, DeadLetterState.Waiting]);
        letters[0].ShouldSatisfyAllConditions(
            l => l.Data.ShouldBe("""{"amount":14}"""), l => l.OriginalData!.ShouldContain("13"), l => l.EditedBy.ShouldBe("ada"));
        host.Trouble.Over();
        await host.Letters.RetryAll();
        (await host.Of("a")).ShouldBe(" 1 14 2");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task What_is_decided_while_a_rebuild_is_under_way_counts_for_it_where_it_has_the_same_letter()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        await host.Park("b", 3);
        await host.Deposit("b", 4, 5, 6);
        await host.Cluster.Reached("deposits@1");
        var held = faults.Before(StoreOperationKind.CommitView, "generations/deposits").Skip(1).Holds();
        await host.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);

        // The new generation has letters of both by now, and is about to take over: the view stands still.
        var edit = host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "ada");
        held.Release();
        (await edit).ShouldBeOfType<DeadLetterReply.NotFound>();
        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
        (await host.Until(all => all.All(l => l.Generation == "deposits@1.2"))).Count.ShouldBe(7);

        held = faults.Before(StoreOperationKind.CommitView, "deposits@1.3").Skip(4).Holds();
        await host.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);
        await host.Letters.Edit("deposits@1.2:0:0000000000000003", """{"amount":12}"""u8.ToArray(), "ada");
        await host.Letters.Retry("deposits@1.2:0:0000000000000003");
        (await host.Of("a")).ShouldBe(" 1 12 2");
        held.Release();
        var ended = await host.Ended();

        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        await host.Until(all => all.All(l => l.Generation == "deposits@1.3" && l.AggregateId == "b"));
        (await host.Of("a")).ShouldBe(" 1 12 2");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task What_is_decided_about_an_event_that_a_rebuild_has_handled_counts_from_the_next_one_on()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2, 4, 5, 6, 7);
        host.Trouble.Over();
        var held = faults.Before(StoreOperationKind.CommitView, "deposits@1.2").Skip(1).Holds();
        await host.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);
        await host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "ada");
        await host.Letters.RetryAll();
        (await host.Of("a")).ShouldBe(" 1 12 2 4 5 6 7");
        held.Release();

        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 13 2 4 5 6 7");
        await host.ShouldBeSound();

        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 12 2 4 5 6 7");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task Decisions_are_listed_with_the_subscription()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        await host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "ada");
        await host.Letters.RetryAll();
        await host.Park("b");
        await host.Letters.DeleteAll(before: null);

        var first = JsonElement.Parse(await host.Cluster.Http.GetStringAsync("/api/subscriptions/deposits/amendments?limit=1"));
        var rest = JsonElement.Parse(await host.Cluster.Http.GetStringAsync(
            $"/api/subscriptions/deposits@1/amendments?cursor={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}"));

        first.GetProperty("total").GetInt32().ShouldBe(2);
        var edited = first.GetProperty("items")[0];
        edited.GetProperty("decision").GetString().ShouldBe("edited");
        edited.GetProperty("data").GetProperty("amount").GetDecimal().ShouldBe(12);
        edited.GetProperty("originalData").GetProperty("amount").GetDecimal().ShouldBe(13);
        edited.GetProperty("by").GetString().ShouldBe("ada");
        edited.GetProperty("position").GetInt64().ShouldBe(3);
        rest.GetProperty("items")[0].GetProperty("decision").GetString().ShouldBe("never");
        rest.GetProperty("items")[0].GetProperty("aggregateId").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task A_decision_can_be_withdrawn_and_the_next_rebuild_handles_the_event_as_it_stands_in_the_log()
    {
        await using var host = await LettersHost.Start(gateway: true);
        var http = host.Cluster.Http;
        await host.Park("a", 2);
        await host.Park("b", 3);
        await host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "ada");
        await host.Letters.Retry(Thirteen);
        await host.Letters.DeleteAll(before: null);
        await host.Until(all => all.Count == 0);
        host.Trouble.Over();

        foreach (var position in new[] { 3, 7 })
        {
            (await http.DeleteAsync($"/api/subscriptions/deposits/amendments/{position}?by=eve")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.DeleteAsync($"/api/subscriptions/deposits/amendments/{position}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await http.DeleteAsync("/api/subscriptions/deposits/amendments/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.DeleteAsync("/api/subscriptions/deposits/amendments/x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var listed = JsonElement.Parse(await http.GetStringAsync("/api/subscriptions/deposits/amendments")).GetProperty("items")[1];
        (listed.GetProperty("decision").GetString(), listed.GetProperty("by").GetString()).ShouldBe(("withdrawn", "eve"));
        (await host.Of("a")).ShouldBe(" 1 12 2");
        await host.ShouldBeSound();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 13 2");
        (await host.Of("b")).ShouldBe(" 1 13");
        await host.ShouldBeSound();
    }
}
