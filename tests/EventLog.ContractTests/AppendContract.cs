namespace Loire.EventLog.ContractTests;

/// <summary>Appending: versions, positions, conflicts, all or nothing.</summary>
public abstract class AppendContract : StoreContract
{
    [Fact]
    public async Task A_new_log_is_empty()
    {
        Log.Head.ShouldBe(0);
        var page = await Log.ReadAll(0, LogFilter.All, 10);
        (page.Events.Count, page.Through, page.Head).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task An_append_to_a_new_stream_gives_a_receipt()
    {
        var events = Sample.Events(2);
        var receipt = await Log.MustAppend("a", 0, events);

        receipt.Stream.ShouldBe(Sample.Order("a"));
        receipt.Version.ShouldBe(2);
        receipt.Position.ShouldBe(2);
        receipt.Events.ShouldBe([new(events[0].EventId, "order-placed", 1), new(events[1].EventId, "order-placed", 2)]);
        Log.Head.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_read_is_what_was_appended()
    {
        var metadata = new EventMetadata("user", "correlation", "cause", "00-trace-01", "tenant");
        var appended = Sample.Event("order-paid", """{"é":"☃"}""", Sample.Noon.AddTicks(10), metadata) with { SchemaVersion = 3 };
        await Log.MustAppend("a", 0, Sample.Event());
        await Log.MustAppend("a", 1, appended);

        var read = (await Log.Load(Sample.Order("a"), 1)).ShouldHaveSingleItem();

        read.Data.ToArray().ShouldBe(appended.Data.ToArray());
        (read with { Data = default }).ShouldBe(new RecordedEvent(
            2, appended.EventId, Sample.Order("a"), 2, "order-paid", 3, Sample.Noon.AddTicks(10), default, metadata));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Another_expected_version_is_a_conflict_that_says_the_current_one(long expected)
    {
        await Log.MustAppend("a", 0, Sample.Events(2));

        (await Log.Append("a", expected, Sample.Events(3))).ShouldBe(new AppendResult.Conflict(2));

        Log.Head.ShouldBe(2);
        (await Log.Everything()).Count.ShouldBe(2);
        (await Log.MustAppend("a", 2, Sample.Event())).Position.ShouldBe(3);
    }

    [Fact]
    public async Task Another_event_than_the_expected_one_before_it_is_a_conflict()
    {
        var first = Sample.Event();
        await Log.MustAppend("a", 0, first);
        var request = new AppendRequest(Sample.Order("a"), 1, Sample.Events(1));

        (await Log.Append(request with { ExpectedEventId = Guid.NewGuid() })).ShouldBe(new AppendResult.Conflict(1));
        (await Log.Append(request with { ExpectedEventId = first.EventId })).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task An_expected_event_in_a_new_stream_is_a_conflict() =>
        (await Log.Append(new AppendRequest(Sample.Order("a"), 0, Sample.Events(1), ExpectedEventId: Guid.NewGuid())))
            .ShouldBe(new AppendResult.Conflict(0));

    [Fact]
    public async Task The_expected_event_is_known_after_a_restart()
    {
        var first = Sample.Event();
        await Log.MustAppend("a", 0, first);
        await Store.Restart();
        var request = new AppendRequest(Sample.Order("a"), 1, Sample.Events(1));

        (await Log.Append(request with { ExpectedEventId = Guid.NewGuid() })).ShouldBe(new AppendResult.Conflict(1));
        (await Log.Append(request with { ExpectedEventId = first.EventId })).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task Appends_started_one_after_the_other_are_carried_out_in_that_order()
    {
        var appends = Enumerable.Range(0, 200).Select(n => Log.Append("a", n, Sample.Event())).ToList();

        var results = await Task.WhenAll(appends);

        results.Cast<AppendResult.Appended>().Select(result => result.Receipt.Position)
            .ShouldBe(Enumerable.Range(1, 200).Select(n => (long)n));
    }

    [Fact]
    public async Task In_a_race_for_one_version_one_wins_and_the_others_learn_the_version()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Log.Append("a", 0, Sample.Events(2)))));

        results.Count(result => result is AppendResult.Appended).ShouldBe(1);
        results.Count(result => result is AppendResult.Conflict { CurrentVersion: 2 }).ShouldBe(63);
        (await Log.Everything()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Under_64_concurrent_writers_positions_and_versions_have_no_gap()
    {
        const int writers = 64, appends = 50;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < appends; n++)
            {
                await Log.MustAppend($"s{writer % 32}-{writer}", n * 2, Sample.Events(2));
            }
        })));

        var events = await Log.Everything();
        events.Select(e => e.Position).ShouldBe(Enumerable.Range(1, writers * appends * 2).Select(n => (long)n));
        foreach (var stream in events.GroupBy(e => e.Stream))
        {
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, appends * 2).Select(n => (long)n));
        }
    }

    [Fact]
    public async Task The_events_of_one_append_stand_together()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => Log.Append($"s{n}", 0, Sample.Events(5)))));

        var events = await Log.Everything();
        events.Chunk(5).ShouldAllBe(chunk => chunk.Select(e => e.Stream).Distinct().Count() == 1);
    }

    [Fact]
    public async Task An_append_without_events_and_key_changes_nothing()
    {
        await Log.MustAppend("a", 0, Sample.Events(3));
        await Log.MustAppend("b", 0, Sample.Event());

        (await Log.MustAppend("a", 3)).ShouldMatch(new Receipt(Sample.Order("a"), 3, 3, []));
        (await Log.MustAppend("new", 0)).ShouldMatch(new Receipt(Sample.Order("new"), 0, 0, []));
        Log.Head.ShouldBe(4);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await Log.MustAppend("a", 0, Sample.Events(3));
        var before = (await Log.Everything()).Select(e => e.EventId).ToList();

        await Store.Restart();

        Log.Head.ShouldBe(3);
        (await Log.Everything()).Select(e => e.EventId).ShouldBe(before);
        (await Log.Append("a", 2, Sample.Event())).ShouldBe(new AppendResult.Conflict(3));
        (await Log.MustAppend("a", 3, Sample.Event())).Position.ShouldBe(4);
    }
}
