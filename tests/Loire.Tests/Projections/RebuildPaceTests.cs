using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

public sealed class RebuildPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Others_append_as_long_as_the_end_of_the_log_has_moved_within_a_second()
    {
        var pace = new RebuildPace(_time, maxPerSecond: 0, courtesy: 0);
        pace.Begin(0);

        await pace.Keep(10, head: 100, CancellationToken.None);
        await pace.Keep(20, head: 100, CancellationToken.None);
        pace.OthersAppend.ShouldBeFalse();

        await pace.Keep(30, head: 101, CancellationToken.None);
        await pace.Keep(40, head: 101, CancellationToken.None);
        pace.OthersAppend.ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(1));
        pace.OthersAppend.ShouldBeFalse();
    }

    [Fact]
    public async Task It_rests_for_a_multiple_of_the_time_that_it_has_worked_when_others_append()
    {
        var pace = new RebuildPace(_time, maxPerSecond: 0, courtesy: 2);
        pace.Begin(0);
        await pace.Keep(10, head: 100, CancellationToken.None);

        _time.Advance(TimeSpan.FromMilliseconds(10));
        var rest = pace.Keep(20, head: 101, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(19));
        rest.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await rest.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
