using Loire.Testing;

namespace Loire.EventLog.ContractTests;

public sealed class WriteQueueTests
{
    private readonly WriteQueue<Item> _queue = new(
        new QueueLimits(Length: 100, Bytes: 100_000, TimeSpan.FromSeconds(10), BatchRows: 10, BatchBytes: 1000), new ManualTime());

    [Fact]
    public void What_is_urgent_comes_first_and_in_order_and_the_rest_rides_along()
    {
        Add(urgent: false, "view 1");
        Add(urgent: true, "append 1");
        Add(urgent: false, "view 2");
        Add(urgent: true, "append 2");

        Take().ShouldBe(["append 1", "append 2", "view 1", "view 2"]);
    }

    [Fact]
    public void What_is_not_urgent_goes_alone_when_nothing_urgent_comes()
    {
        Add(urgent: true, "append");
        Take();
        Add(urgent: false, "view");

        Take().ShouldBe(["view"]);
    }

    [Fact]
    public void A_batch_ends_at_its_limit_of_rows()
    {
        Add(urgent: true, "a", rows: 6);
        Add(urgent: true, "b", rows: 4);
        Add(urgent: true, "c", rows: 1);

        Take().ShouldBe(["a", "b"]);
        Take().ShouldBe(["c"]);
    }

    [Fact]
    public void A_batch_ends_at_its_limit_of_bytes()
    {
        Add(urgent: true, "a", bytes: 999);
        Add(urgent: true, "b", bytes: 2);

        Take().ShouldBe(["a"]);
        Take().ShouldBe(["b"]);
    }

    [Fact]
    public void An_item_beyond_the_limits_goes_alone()
    {
        Add(urgent: true, "a", rows: 99, bytes: 9999);
        Add(urgent: true, "b");

        Take().ShouldBe(["a"]);
        Take().ShouldBe(["b"]);
    }

    [Fact]
    public void However_much_is_urgent_one_of_the_others_rides_along()
    {
        Add(urgent: true, "append", rows: 10);
        Add(urgent: false, "view 1");
        Add(urgent: false, "view 2");

        Take().ShouldBe(["append", "view 1"]);
    }

    [Fact]
    public void A_large_one_does_not_ride_along_but_goes_in_the_turn_after()
    {
        Add(urgent: true, "append 1");
        Add(urgent: false, "view");
        Add(urgent: false, "large 1", rows: 2);
        Add(urgent: false, "large 2", rows: 2);

        Take().ShouldBe(["append 1", "view"]);
        Add(urgent: true, "append 2");
        Take().ShouldBe(["large 1"]);
        Take().ShouldBe(["append 2"]);
        Take().ShouldBe(["large 2"]);
    }

    [Fact]
    public void A_large_one_goes_behind_what_came_before_it()
    {
        Add(urgent: true, "append");
        Take();
        Add(urgent: false, "view");
        Add(urgent: false, "large", rows: 2);

        Take().ShouldBe(["view"]);
        Take().ShouldBe(["large"]);
    }

    [Fact]
    public void A_closed_queue_gives_what_it_has_and_takes_no_more()
    {
        Add(urgent: false, "view");
        _queue.Close();

        _queue.TryAdd(new Item("late", urgent: true, rows: 1, bytes: 1), out var refusal).ShouldBeFalse();
        refusal.ShouldNotBeNull();
        Take().ShouldBe(["view"]);
        _queue.Take([]).ShouldBeFalse();
    }

    private void Add(bool urgent, string name, int rows = 1, long bytes = 1) =>
        _queue.TryAdd(new Item(name, urgent, rows, bytes), out _).ShouldBeTrue();

    private IEnumerable<string> Take()
    {
        List<Item> batch = [];
        _queue.Take(batch).ShouldBeTrue();
        return batch.Select(item => item.Name);
    }

    private sealed class Item(string name, bool urgent, int rows, long bytes) : QueueItem
    {
        public string Name => name;

        public override int Rows => rows;

        public override long Bytes => bytes;

        public override bool Urgent => urgent;

        public override void Fail(Exception reason)
        {
        }
    }
}
