namespace Loire.Testing.Tests.Time;

public sealed class ManualTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void It_stands_still_until_it_is_moved()
    {
        var (now, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());

        _time.GetUtcNow().ShouldBe(now);
        _time.Advance(Second);

        _time.GetUtcNow().ShouldBe(now + Second);
        _time.GetElapsedTime(stamp).ShouldBe(Second);
    }

    [Fact]
    public void Timers_come_in_their_order_and_see_the_time_that_they_are_due_at()
    {
        using var late = Timer("late", 5 * Second);
        using var early = Timer("early", 2 * Second);
        using var every = Timer("every", 2 * Second, 2 * Second);

        _time.Advance(6 * Second);

        _fired.ShouldBe(["early at 2", "every at 2", "every at 4", "late at 5", "every at 6"]);
    }

    [Fact]
    public void A_timer_comes_when_it_is_due_and_not_before()
    {
        using var timer = Timer("timer", 2 * Second);
        _time.Advance(2 * Second - TimeSpan.FromTicks(1));
        _fired.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromTicks(1));

        _fired.ShouldBe(["timer at 2"]);
    }

    [Fact]
    public void A_timer_that_is_disposed_or_put_off_does_not_come()
    {
        Timer("gone", Second).Dispose();
        using var later = Timer("later", Second);
        later.Change(3 * Second, Timeout.InfiniteTimeSpan);

        _time.Advance(2 * Second);
        _fired.ShouldBeEmpty();

        _time.Advance(Second);
        _fired.ShouldBe(["later at 3"]);
    }

    [Fact]
    public async Task Delays_and_time_outs_take_their_time_from_it()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _time);
        var patience = new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMinutes(1), _time);

        _time.Advance(TimeSpan.FromHours(1));

        await delay.WaitAsync(Limit);
        await Should.ThrowAsync<TimeoutException>(patience.WaitAsync(Limit));
    }

    [Fact]
    public async Task What_is_due_at_once_comes_without_a_move()
    {
        var came = new TaskCompletionSource();
        await using var timer = _time.CreateTimer(_ => came.SetResult(), state: null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await came.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task One_that_runs_goes_on_by_itself_and_jumps_when_told()
    {
        var running = ManualTime.Running();
        await Task.Delay(TimeSpan.FromMilliseconds(5), running).WaitAsync(Limit);
        var tomorrow = Task.Delay(TimeSpan.FromDays(1), running);
        var before = running.GetUtcNow();

        running.Advance(TimeSpan.FromDays(1));

        await tomorrow.WaitAsync(Limit);
        running.GetUtcNow().ShouldBeGreaterThanOrEqualTo(before.AddDays(1));
        await Task.Delay(TimeSpan.FromMilliseconds(5), running).WaitAsync(Limit);
    }

    [Fact]
    public void It_does_not_go_back() => Should.Throw<ArgumentOutOfRangeException>(() => _time.Advance(-Second));

    private ITimer Timer(string name, TimeSpan due, TimeSpan? period = null)
    {
        var start = _time.GetUtcNow();
        return _time.CreateTimer(
            _ => _fired.Add($"{name} at {(_time.GetUtcNow() - start).TotalSeconds:0.###}"), state: null, due, period ?? Timeout.InfiniteTimeSpan);
    }
}
