#if !ORLEANS
using Loire.Tests.Processes;
using Loire.Tests.Timers;

namespace Loire.Tests.Stores;

/// <summary>Orleans takes some times from the provider and some from the system, so its clock cannot be moved.</summary>
public abstract partial class DurabilityTests
{
    [Fact]
    public async Task A_process_is_found_by_what_its_events_say_and_keeps_its_timers_while_all_silos_are_away()
    {
        await using (var before = await Start(Orders.Watched()))
        {
            await before.Accepted("order", "o-1", Orders.Place);
            await before.Accepted("order", "o-2", Orders.Place);
            await before.Process("o-2");
            _time.Advance(TimeSpan.FromHours(20));
            await before.Accepted("payment", "p-7", Orders.Charge("o-1"));
            (await before.Process("o-1")).Timers.ShouldHaveSingleItem().Due.ShouldBe(_time.GetUtcNow().AddHours(24), TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromHours(5));
        await using var cluster = await Start(Orders.Watched());

        await cluster.ProcessIn("cancelled", "o-2");
        (await cluster.Process("o-1")).State.ShouldBe("waiting");
        _time.Advance(TimeSpan.FromHours(20));
        await cluster.ProcessIn("cancelled");
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
        (await cluster.Names("order", "o-2")).ShouldBe(["Placed", "Cancelled"]);
    }

    [Fact]
    public async Task A_timer_that_was_due_while_all_silos_were_away_comes_when_one_is_back()
    {
        var sleepers = new Sleepers();
        await using (var before = await Start(sleepers.Register))
        {
            await Sleepers.Sleep(before.Views, ("a", _time.GetUtcNow().AddHours(1)), ("b", _time.GetUtcNow().AddHours(3)));
        }

        _time.Advance(TimeSpan.FromHours(2));
        sleepers.Counts.ShouldBeEmpty();
        await using var cluster = await Start(sleepers.Register);

        (await sleepers.Next()).ShouldBe("a");
        _time.Advance(TimeSpan.FromHours(1));
        (await sleepers.Next()).ShouldBe("b");
        sleepers.Counts["a"].ShouldBe(1);
    }
}
#endif
