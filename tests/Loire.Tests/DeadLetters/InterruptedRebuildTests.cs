using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>
/// A rebuild is interrupted at each of its steps, and while it stands still the world goes on. When it goes on too, the view is
/// what the log and what was decided about its events say, with each event once and no dead letter too many.
/// </summary>
public sealed class InterruptedRebuildTests
{
    /// <summary>What happens while it stands still.</summary>
    public enum Meanwhile
    {
        EventsAreAppended,
        TheHandlerIsMendedAndLettersAreRetried,
        AnotherEventFails,
        ALetterIsDeleted,
    }

    public static MatrixTheoryData<RebuildStep, Meanwhile> Deaths => new(Enum.GetValues<RebuildStep>(), Enum.GetValues<Meanwhile>());

    public static MatrixTheoryData<RebuildStep, Meanwhile> Pauses =>
        new([RebuildStep.Begun, RebuildStep.SetAside, RebuildStep.Filled, RebuildStep.CatchingUp], Enum.GetValues<Meanwhile>());

    [Theory]
    [MemberData(nameof(Deaths))]
    public Task A_rebuild_whose_silo_dies_takes_over_what_has_become_of_the_view_meanwhile(RebuildStep step, Meanwhile what) =>
        Interrupt(step, what, rebuild => rebuild.Kill(step));

    [Theory]
    [MemberData(nameof(Pauses))]
    public Task A_rebuild_that_is_paused_takes_over_what_has_become_of_the_view_meanwhile(RebuildStep step, Meanwhile what) =>
        Interrupt(step, what, rebuild => rebuild.Pause(step));

    [Theory]
    [InlineData(RebuildStep.TakingOver)]
    [InlineData(RebuildStep.Closed)]
    [InlineData(RebuildStep.Switched)]
    public async Task A_pause_that_comes_too_late_is_refused_at_once(RebuildStep step)
    {
        var faults = new StoreFaults();
        await using var host = await Prepared(faults);
        var held = await new InterruptedRebuild(host, faults).Hold(step);

        (await host.Rebuild.Pause()).Refusal.ShouldBe("The rebuild is taking over.");
        held.Release();

        (await host.Ended()).State.ShouldBe(RebuildState.Completed);
        await host.Until(all => all.Count == 2 && all.All(l => l.Generation == "deposits@1.2"));
        await host.ShouldBeSound();
    }

    private static async Task Interrupt(RebuildStep step, Meanwhile what, Func<InterruptedRebuild, Task> interrupt)
    {
        var faults = new StoreFaults();
        await using var host = await Prepared(faults);
        var rebuild = new InterruptedRebuild(host, faults);
        await interrupt(rebuild);

        await Do(host, what, step);
        var ended = await rebuild.Ended();

        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        if (step == RebuildStep.Closed && what == Meanwhile.ALetterIsDeleted)
        {
            await DeleteThirteen(host);
        }

        await Deposit(host, "a", 9);
        await Deposit(host, "b", 9);
        await ShouldHaveTakenOver(host, what);
    }

    private static async Task<LettersHost> Prepared(StoreFaults faults)
    {
        var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        await host.Open("b");
        await host.Open("c");
        await host.Deposit("b", 21, 22, 23, 24, 25, 26, 27);
        await host.Cluster.Reached("deposits@1");
        return host;
    }

    private static Task Do(LettersHost host, Meanwhile what, RebuildStep step) => (what, step) switch
    {
        (Meanwhile.EventsAreAppended, _) => Append(host, step),
        (Meanwhile.AnotherEventFails, _) => FailOnAnother(host, step),

        // Nothing can be decided about what nobody can write to any more.
        (Meanwhile.ALetterIsDeleted, RebuildStep.Closed) =>
            Should.ThrowAsync<StoreUnavailableException>(() => DeleteThirteen(host)),
        (Meanwhile.ALetterIsDeleted, _) => DeleteThirteen(host),
        (_, RebuildStep.Closed) => Should.ThrowAsync<StoreUnavailableException>(() => MendAndRetry(host)),
        _ => MendAndRetry(host),
    };

    private static async Task Append(LettersHost host, RebuildStep step)
    {
        await Deposit(host, "a", 8);
        await Deposit(host, "b", 8);
        await (step == RebuildStep.Closed ? Task.CompletedTask : host.Cluster.Reached("deposits@1"));
    }

    private static async Task MendAndRetry(LettersHost host)
    {
        host.Trouble.Over();
        (await host.Answer(() => host.Letters.RetryAll())).ShouldBe(new RetryReport(2, 0, 0));
    }

    private static async Task FailOnAnother(LettersHost host, RebuildStep step)
    {
        host.Trouble.With(14);
        await Deposit(host, "b", 14);
        await Deposit(host, "b", 3);
        if (step != RebuildStep.Closed)
        {
            await host.Until(all => all.Any(l => l.AggregateId == "b" && l.State == DeadLetterState.Parked));
            await host.Cluster.Reached("deposits@1");
        }
    }

    private static async Task DeleteThirteen(LettersHost host)
    {
        var replies = new List<DeadLetterReply>();
        foreach (var generation in new[] { "deposits@1", "deposits@1.2" })
        {
            replies.Add(await host.Answer(() => host.Letters.Delete($"{generation}:0:0000000000000003")));
        }

        replies.ShouldContain(reply => reply is DeadLetterReply.Done, 1);
    }

    private static async Task ShouldHaveTakenOver(LettersHost host, Meanwhile what)
    {
        await host.Cluster.Reached("deposits@1");
        IReadOnlyList<(string, DeadLetterState, decimal)> held = what switch
        {
            Meanwhile.TheHandlerIsMendedAndLettersAreRetried or Meanwhile.ALetterIsDeleted => [],
            Meanwhile.EventsAreAppended => [.. Held("a", 13, 2, 8, 9)],
            _ => [.. Held("a", 13, 2, 9), .. Held("b", 14, 3, 9)],
        };
        var letters = await host.Until(all =>
            all.Count == held.Count && all.All(l => l.Generation == "deposits@1.2" && l.State != DeadLetterState.Retrying));
        letters.Select(l => (l.AggregateId, l.State, Amount(l))).ShouldBe(held, ignoreOrder: true);
        await host.ShouldBeSound();
        var (a, b) = (await host.Of("a"), await host.Of("b"));
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(held.Count, 0, 0));

        const string OfB = " 21 22 23 24 25 26 27";
        var (ofA, ofB) = what switch
        {
            Meanwhile.TheHandlerIsMendedAndLettersAreRetried => (" 1 13 2 9", $"{OfB} 9"),
            Meanwhile.ALetterIsDeleted => (" 1 2 9", $"{OfB} 9"),
            Meanwhile.EventsAreAppended => (" 1 13 2 8 9", $"{OfB} 8 9"),
            _ => (" 1 13 2 9", $"{OfB} 14 3 9"),
        };
        (await host.Of("a"), await host.Of("b")).ShouldBe((ofA, ofB));
        (a, b).ShouldBe((
            held.Any(l => l.Item1 == "a") ? " 1" : ofA,
            held.Any(l => l.Item1 == "b") ? OfB : ofB));
        (await host.All()).ShouldBeEmpty();
        await host.ShouldBeSound();
    }

    private static IEnumerable<(string, DeadLetterState, decimal)> Held(string account, params decimal[] amounts) =>
        amounts.Select((amount, i) => (account, i == 0 ? DeadLetterState.Parked : DeadLetterState.Waiting, amount));

    private static decimal Amount(DeadLetter letter) =>
        System.Text.Json.JsonElement.Parse(letter.Data).GetProperty("amount").GetDecimal();

    private static Task Deposit(LettersHost host, string account, decimal amount) => host.Cluster.AcceptedInTheEnd(
        "account", account, new AccountCommand.Deposit(Money.Of(amount)), $"{account}-{amount}");
}
