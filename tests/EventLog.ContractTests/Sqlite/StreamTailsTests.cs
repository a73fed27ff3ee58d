using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class StreamTailsTests
{
    [Fact]
    public void What_is_used_stays_and_what_is_not_goes()
    {
        var tails = new StreamTails(generation: 2);
        foreach (var id in (string[])["used", "unused", "c", "used", "d", "e"])
        {
            tails.TryGet(Sample.Order("used"), out _);
            tails.Set(Sample.Order(id), new StreamTail(7, null));
        }

        tails.TryGet(Sample.Order("used"), out var tail).ShouldBeTrue();
        tail.Version.ShouldBe(7);
        tails.TryGet(Sample.Order("unused"), out _).ShouldBeFalse();
    }
}
