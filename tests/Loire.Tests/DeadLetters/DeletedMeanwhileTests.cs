using Loire.DeadLetters;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>A dead letter is deleted while its view is being rebuilt.</summary>
public sealed class DeletedMeanwhileTests
{
    private const string Thirteen = "deposits@1:0:0000000000000013";

    [Theory]
    [InlineData("before the event", 1)]
    [InlineData("after the event", 8)]
    public async Task The_event_is_left_out_if_the_rebuild_could_not_handle_it_either(string when, int skip)
    {
        await using var host = await Rebuild(mended: false, skip);

        (await host.Of("a")).ShouldBe(" 1 2", when);
        (await host.All()).ShouldBeEmpty();
        await host.ShouldBeSound();
    }

    [Theory]
    [InlineData("before the event", 1)]
    [InlineData("after the event", 6)]
    public async Task The_event_is_left_out_from_the_next_rebuild_on_if_this_one_has_handled_it(string when, int skip)
    {
        await using var host = await Rebuild(mended: true, skip);

        (await host.Of("a")).ShouldBe(" 1 13 2", when);
        await host.ShouldBeSound();
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 2", when);
        await host.ShouldBeSound();
    }

    // The event at 13 is parked; its letter is deleted when so many pages of four have been written.
    private static async Task<LettersHost> Rebuild(bool mended, int skip)
    {
        var faults = new StoreFaults();
        var host = await LettersHost.Start(faults: faults);
        await host.Open("x");
        await host.Deposit("x", [.. Enumerable.Range(100, 9).Select(n => (decimal)n)]);
        await host.Park("a", 2);
        await host.Deposit("x", [.. Enumerable.Range(200, 20).Select(n => (decimal)n)]);
        await host.Cluster.Reached("deposits@1");
        if (mended)
        {
            host.Trouble.Over();
        }

        var held = faults.Before(StoreOperationKind.CommitView, "deposits@1.2").Skip(skip).Holds();
        await host.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);
        (await host.Letters.Delete(Thirteen)).ShouldBeOfType<DeadLetterReply.Done>();
        held.Release();
        var ended = await host.Ended();
        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        return host;
    }
}
