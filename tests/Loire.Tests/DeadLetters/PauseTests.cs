using Loire.EventLog.Views;

namespace Loire.Tests.DeadLetters;

public sealed class PauseTests
{
    [Fact]
    public async Task A_paused_subscription_stands_still_over_a_restart_until_it_is_resumed()
    {
        await using var host = await LettersHost.Start();
        await host.Open("a");
        await host.Deposit("a", 1);
        (await host.Of("a")).ShouldBe(" 1");

        await host.Subscription.Pause();
        await host.Deposit("a", 2);
        (await host.Subscription.WaitUntil(3, TimeSpan.FromMilliseconds(200))).ShouldBeFalse();
        await host.Cluster.Restart();
        (await host.Until(() => host.Subscription.Status(), s => s.Paused)).Failures.ShouldBe(0);
        (await host.Subscription.WaitUntil(3, TimeSpan.FromMilliseconds(200))).ShouldBeFalse();
        await host.Subscription.Resume();

        (await host.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task While_it_is_paused_nothing_is_tried_again()
    {
        await using var host = await LettersHost.Start(o => o.MaxAttempts = 1000);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 13);
        await host.Until(letters => letters.Count == 1);

        await host.Subscription.Pause();
        var thrown = host.Trouble.Thrown;
        host.Trouble.Over();
        await Task.Delay(100, TestContext.Current.CancellationToken);

        (await host.All()).ShouldHaveSingleItem();
        host.Trouble.Thrown.ShouldBe(thrown);
        await host.Subscription.Resume();
        await host.Until(letters => letters.Count == 0);
    }

    [Fact]
    public async Task Who_has_not_heard_of_a_pause_ends_it_all_the_same()
    {
        await using var host = await LettersHost.Start();
        await host.Open("a");
        await host.Deposit("a", 1);
        (await host.Of("a")).ShouldBe(" 1");
        var views = host.Cluster.Views;
        var position = await views.Checkpoint("deposits@1", 0);
        var changes = await views.Checkpoint("deposits@1/changes", 0);
        var paused = new DocumentChange.Put(
            new ViewSchema("subscription-control", 1, []), "deposits@1/0", """{"paused":true,"since":"2030-01-01T00:00:00+00:00"}"""u8.ToArray());
        (await views.Commit(
            new("deposits@1", 0, position, position) { Also = new("deposits@1/changes", 0, changes, changes + 1) }, [paused])).ShouldBeTrue();

        await host.Subscription.Resume();
        await host.Deposit("a", 2);

        (await host.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task A_subscription_that_stopped_because_too_much_fails_goes_on_setting_aside_when_it_is_resumed()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.Everything = true;
        for (var n = 0; n < 25; n++)
        {
            await host.Open($"a{n}");
            await host.Deposit($"a{n}", 1);
        }

        await host.Until(() => host.Subscription.Status(), s => s.Stopped);
        await host.Subscription.Resume();

        await host.Until(letters => letters.Count == 25);
    }
}
