#if !ORLEANS
using Loire.DeadLetters;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Loire.Tests.DeadLetters;

/// <summary>
/// What was set aside is tried again when it is due, though no batch comes by. Orleans takes part of its time from the system,
/// so its clock cannot be moved.
/// </summary>
public sealed class RetryTimeTests
{
    private readonly ManualTime _time = ManualTime.Running();

    [Fact]
    public async Task An_event_is_tried_again_at_the_time_that_its_letter_says()
    {
        await using var host = await Start();
        await Parked(host);
        host.Trouble.Over();
        (await host.All())[0].ShouldSatisfyAllConditions(
            l => l.State.ShouldBe(DeadLetterState.Retrying), l => l.Attempts.ShouldBe(1), l => l.NextAttemptAt.ShouldNotBeNull());

        _time.Advance(TimeSpan.FromMinutes(5));

        await host.Until(letters => letters.Count == 0);
        (await host.Of("a")).ShouldBe(" 1 13 2");
    }

    [Fact]
    public async Task One_that_fails_again_is_tried_again_until_it_has_been_often_enough()
    {
        await using var host = await Start();
        await Parked(host);

        _time.Advance(TimeSpan.FromMinutes(5));
        await host.Until(letters => letters[0].Attempts == 2);
        _time.Advance(TimeSpan.FromMinutes(5));

        await host.Until(letters => letters is [{ Attempts: 3, State: DeadLetterState.Parked }, { State: DeadLetterState.Waiting }]);
    }

    [Fact]
    public async Task What_waited_behind_a_letter_that_is_deleted_follows_at_once()
    {
        await using var host = await Start();
        await Parked(host);

        (await host.Letters.Delete((await host.All())[0].Id)).ShouldBeOfType<DeadLetterReply.Done>();

        await host.Until(letters => letters.Count == 0);
        (await host.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task A_subscription_that_is_paused_tries_nothing_and_makes_up_for_it_when_it_is_resumed()
    {
        await using var host = await Start();
        await Parked(host);
        await host.Subscription.Pause();
        host.Trouble.Over();
        _time.Advance(TimeSpan.FromMinutes(5));
        (await host.All())[0].Attempts.ShouldBe(1);

        await host.Subscription.Resume();

        await host.Until(letters => letters.Count == 0);
    }

    private Task<LettersHost> Start() => LettersHost.Start(
        o => (o.MaxAttempts, o.InitialDelay, o.MaxDelay) = (3, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4)), time: _time);

    // The deposit of 13 has failed once, the one of 2 waits behind it; and the relay sends no batches any more.
    private async Task Parked(LettersHost host)
    {
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 1, 13, 2);
        await host.Until(letters => letters.Count == 2);
        await host.Cluster.Reached("deposits@1");
        host.Cluster.Services.GetRequiredService<IOptions<SubscriptionOptions>>().Value.Heartbeat = TimeSpan.FromHours(1);
        var since = _time.GetUtcNow();
        await host.Until(() => host.Cluster.Grains.GetGrain<ILogRelayGrain>(0).Heartbeat(), last => last > since);
    }
}
#endif
