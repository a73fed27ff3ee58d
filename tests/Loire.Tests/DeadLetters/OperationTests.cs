using Loire.DeadLetters;
using Loire.EventLog;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.DeadLetters;

public sealed class OperationTests
{
    private const string Thirteen = "deposits@1:0:0000000000000003";
    private const string Two = "deposits@1:0:0000000000000004";

    [Fact]
    public async Task A_retry_handles_the_event_and_then_those_behind_it()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 3);

        (await host.Letters.Retry(Thirteen)).ShouldBe(new DeadLetterReply.Retried(new RetryReport(0, 1, 0)));
        (await host.All())[0].ShouldSatisfyAllConditions(l => l.State.ShouldBe(DeadLetterState.Parked), l => l.Attempts.ShouldBe(4));
        host.Trouble.Over();
        (await host.Letters.Retry(Thirteen)).ShouldBe(new DeadLetterReply.Retried(new RetryReport(3, 0, 0)));

        (await host.Of("a")).ShouldBe(" 1 13 2 3");
        (await host.All()).ShouldBeEmpty();
        await host.Deposit("a", 4);
        (await host.Of("a")).ShouldBe(" 1 13 2 3 4");
    }

    [Fact]
    public async Task A_retry_that_something_else_stands_in_the_way_of_says_so_and_blames_no_event()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        host.Trouble.With(13, new AggregateException(new TimeoutException("The bank does not answer.")));

        var refused = await Should.ThrowAsync<StoreUnavailableException>(() => host.Letters.RetryAll());

        refused.Message.ShouldContain("The bank does not answer.");
        (await host.All())[0].ShouldSatisfyAllConditions(l => l.State.ShouldBe(DeadLetterState.Parked), l => l.Attempts.ShouldBe(3));
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(2, 0, 0));
    }

    [Fact]
    public async Task A_follower_that_fails_in_its_turn_takes_the_first_place_in_the_line()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 14, 3);
        host.Trouble.Over();
        host.Trouble.With(14);

        (await host.Letters.Retry(Thirteen)).ShouldBe(new DeadLetterReply.Retried(new RetryReport(2, 1, 0)));

        (await host.Of("a")).ShouldBe(" 1 13 2");
        await host.Until(all => all.Select(l => l.State).SequenceEqual([DeadLetterState.Parked, DeadLetterState.Waiting]));
    }

    [Fact]
    public async Task A_line_of_hundreds_is_handled_in_order()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a");
        await host.Cluster.Given("account", "a", [.. Enumerable.Range(100, 350).Select(n =>
            new Commerce.Accounts.AccountEvent.Deposited(Commerce.Values.Money.Of(n)))]);
        await host.Cluster.Reached("deposits@1");
        host.Trouble.Over();

        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(351, 0, 0));

        (await host.Of("a")).ShouldBe($" 1 13 {string.Join(' ', Enumerable.Range(100, 350))}");
    }

    [Fact]
    public async Task What_waits_or_is_not_there_cannot_be_retried()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);

        (await host.Letters.Retry(Two)).ShouldBeOfType<DeadLetterReply.WrongState>().Detail.ShouldContain(Thirteen);
        (await host.Letters.Retry("deposits@1:0:0000000000000099")).ShouldBeOfType<DeadLetterReply.NotFound>();
        (await host.Letters.Edit("deposits@1:0:0000000000000099", "{}"u8.ToArray(), "ada")).ShouldBeOfType<DeadLetterReply.NotFound>();
        (await host.Letters.Delete("deposits@1:0:0000000000000099")).ShouldBeOfType<DeadLetterReply.NotFound>();
    }

    [Fact]
    public async Task An_edited_payload_is_handled_in_place_of_the_original_which_is_kept()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);

        (await host.Letters.Edit(Thirteen, """{"amount":"a lot"}"""u8.ToArray(), "ada")).ShouldBeOfType<DeadLetterReply.Unreadable>();
        (await host.Letters.Edit(Thirteen, """{"amount":12}"""u8.ToArray(), "ada")).ShouldBeOfType<DeadLetterReply.Done>();
        (await host.Letters.Edit(Thirteen, """{"amount":11}"""u8.ToArray(), "bob")).ShouldBeOfType<DeadLetterReply.Done>();

        (await host.All())[0].ShouldSatisfyAllConditions(
            l => l.Data.ShouldBe("""{"amount":11}"""),
            l => l.OriginalData!.ShouldContain("13"),
            l => l.EditedBy.ShouldBe("bob"),
            l => l.EditedAt.ShouldNotBeNull());
        await host.Letters.Retry(Thirteen);
        (await host.Of("a")).ShouldBe(" 1 11 2");
    }

    [Fact]
    public async Task What_is_deleted_is_never_handled_and_those_behind_it_go_on()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 3);

        (await host.Letters.Delete(Two)).ShouldBeOfType<DeadLetterReply.Done>();
        (await host.Letters.Delete(Thirteen)).ShouldBeOfType<DeadLetterReply.Done>();
        await host.Until(letters => letters.Count == 0);

        (await host.Of("a")).ShouldBe(" 1 3");
        await host.Deposit("a", 4);
        (await host.Of("a")).ShouldBe(" 1 3 4");
    }

    [Fact]
    public async Task Letters_are_purged_by_age()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 3);
        var between = TimeProvider.System.GetUtcNow();
        await host.Park("b", 5);

        (await host.Letters.DeleteAll(between)).ShouldBe(new PurgeReport(3, MoreLeft: false));

        (await host.All()).Select(l => l.AggregateId).Distinct().ShouldBe(["b"]);
        (await host.Letters.DeleteAll(before: null)).Deleted.ShouldBe(2);
        await host.Deposit("a", 6);
        await host.Deposit("b", 7);
        (await host.Of("a")).ShouldBe(" 1 6");
        (await host.Of("b")).ShouldBe(" 1 7");
    }

    [Fact]
    public async Task Letters_are_counted_by_subscription_and_state()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 3);

        var counts = await host.Cluster.Services.GetRequiredService<DeadLetterCounts>().Read();

        counts.ShouldBe([new DeadLetterCount("deposits@1", Retrying: 0, Parked: 1, Waiting: 2, Skipped: 0, LastMinute: 3)]);
    }

    [Fact]
    public async Task Two_who_retry_the_same_letter_at_once_handle_it_once()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a");
        host.Trouble.Over();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Letters.Retry(Thirteen)));

        replies.Count(r => r is DeadLetterReply.Retried).ShouldBe(1);
        (await host.Of("a")).ShouldBe(" 1 13");
    }

    [Fact]
    public async Task An_activation_that_knows_the_letters_as_they_were_changes_nothing()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        var store = host.Cluster.Views;
        var position = await store.Checkpoint("deposits@1", 0);
        var changes = await store.Checkpoint("deposits@1/changes", 0);
        host.Trouble.Over();
        await host.Letters.Retry(Thirteen);

        var late = await store.Commit(
            new("deposits@1", 0, position, position) { Also = new("deposits@1/changes", 0, changes, changes + 1) }, []);

        late.ShouldBeFalse();
    }
}
