namespace Loire.EventLog.ContractTests;

/// <summary>Reading streams and the log, and being woken.</summary>
public abstract class ReadContract : StoreContract
{
    [Fact]
    public async Task A_stream_that_never_existed_has_version_0()
    {
        (await Log.Load(Sample.Order("none"))).ShouldBeEmpty();
        var page = await Log.ReadStream(Sample.Order("none"), 1, 10, ReadDirection.Forwards);
        (page.Events.Count, page.Next, page.Version).ShouldBe((0, null, 0));
    }

    [Fact]
    public async Task A_page_that_ends_with_the_stream_has_no_next()
    {
        await Log.MustAppend("a", 0, Sample.Events(4));

        (await Log.ReadStream(Sample.Order("a"), 3, 2, ReadDirection.Forwards)).Next.ShouldBeNull();
        (await Log.ReadStream(Sample.Order("a"), 2, 2, ReadDirection.Backwards)).Next.ShouldBeNull();
        (await Log.ReadStream(Sample.Order("a"), 9, 2, ReadDirection.Forwards)).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_filter_lets_through_what_it_matches()
    {
        await Log.Append(new AppendRequest(new("order", "1"), 0, [
            Sample.Event("placed", at: Sample.Noon, metadata: new EventMetadata(CorrelationId: "c1")),
            Sample.Event("paid", at: Sample.Noon.AddMinutes(1), metadata: new EventMetadata(CorrelationId: "c2"))]));
        await Log.Append(new AppendRequest(new("stock", "1"), 0, [
            Sample.Event("reserved", at: Sample.Noon.AddMinutes(2), metadata: new EventMetadata(CorrelationId: "c1")),
            Sample.Event("placed", at: Sample.Noon.AddMinutes(3))]));
        await Log.Append(new AppendRequest(new("cart", "1"), 0, [Sample.Event("placed", at: Sample.Noon.AddMinutes(4))]));
        var all = await Log.Everything();

        LogFilter[] filters =
        [
            new(), new() { Types = ["placed"] }, new() { Types = ["placed", "paid"] }, new() { Types = ["none"] },
            new() { Aggregates = ["order"] }, new() { Aggregates = ["order", "cart"] }, new() { CorrelationId = "c1" },
            new() { Since = Sample.Noon.AddMinutes(1) }, new() { Until = Sample.Noon.AddMinutes(1) },
            new() { Since = Sample.Noon.AddTicks(1), Until = Sample.Noon.AddMinutes(3).AddTicks(1) },
            new() { Types = ["placed"], Aggregates = ["stock"], CorrelationId = null, Since = Sample.Noon },
            new() { Types = ["placed"], CorrelationId = "c1", Until = Sample.Noon.AddHours(1) },
            new() { Partitions = [new StreamName("order", "1").Partition] },
            new() { Partitions = [.. Enumerable.Range(0, StreamName.Partitions)], Types = ["placed"] },
            new() { Partitions = [new StreamName("stock", "1").Partition, 0], CorrelationId = "c1" },
        ];
        foreach (var filter in filters)
        {
            var expected = all.Where(filter.Matches).Select(e => e.Position).ToList();
            (await Log.ReadAll(0, filter, 100)).Events.Select(e => e.Position).ShouldBe(expected, filter.ToString());
            (await Log.ReadAll(2, filter, 100)).Events.Select(e => e.Position)
                .ShouldBe(expected.Where(position => position > 2), filter.ToString());
        }
    }

    [Fact]
    public async Task Readers_that_share_the_partitions_see_every_event_once_and_each_stream_in_order()
    {
        foreach (var round in Enumerable.Range(0, 3))
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(n => Log.MustAppend($"s{n}", round, Sample.Event())));
        }

        const int readers = 7;
        List<RecordedEvent> seen = [];
        for (var reader = 0; reader < readers; reader++)
        {
            var own = Enumerable.Range(0, StreamName.Partitions).Where(partition => partition % readers == reader).ToList();
            for (var after = 0L; after < Log.Head;)
            {
                var page = await Log.ReadAll(after, new LogFilter { Partitions = own }, 50);
                page.Events.ShouldAllBe(e => own.Contains(e.Stream.Partition));
                seen.AddRange(page.Events);
                after = page.Through;
            }
        }

        seen.Select(e => e.Position).Order().ShouldBe(Enumerable.Range(1, 900).Select(n => (long)n));
        seen.GroupBy(e => e.Stream).ShouldAllBe(stream => stream.Select(e => e.Version).SequenceEqual(new[] { 1L, 2, 3 }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public async Task A_partition_that_does_not_exist_is_refused(int partition) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            async () => await Log.ReadAll(0, new LogFilter { Partitions = [1, partition] }, 10));

    [Fact]
    public async Task Through_is_the_last_event_of_a_full_page_and_else_the_head()
    {
        await Log.MustAppend("a", 0, Sample.Event("x"), Sample.Event("y"), Sample.Event("x"), Sample.Event("y"), Sample.Event("y"));
        var filter = new LogFilter { Types = ["x"] };

        (await Log.ReadAll(0, filter, 1)).Through.ShouldBe(1);
        (await Log.ReadAll(1, filter, 1)).Through.ShouldBe(3);
        (await Log.ReadAll(3, filter, 1)).Through.ShouldBe(5);
        (await Log.ReadAll(0, filter, 2)).Through.ShouldBe(3);
        (await Log.ReadAll(0, filter, 3)).Through.ShouldBe(5);
        (await Log.ReadAll(5, filter, 3)).Through.ShouldBe(5);
        (await Log.ReadAll(0, filter, 1)).Head.ShouldBe(5);
    }

    [Fact]
    public async Task A_reader_that_follows_the_log_while_it_grows_misses_nothing_and_sees_nothing_twice()
    {
        const int total = 2_000;
        var writing = Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < total / 20; n++)
            {
                await Log.MustAppend($"w{writer}", n, Sample.Event(n % 2 == 0 ? "even" : "odd"));
            }
        })));

        var filter = new LogFilter { Types = ["even"] };
        List<long> seen = [];
        for (var after = 0L; after < total;)
        {
            await Log.WaitBeyond(after, CancellationToken.None);
            var page = await Log.ReadAll(after, filter, 7);
            seen.AddRange(page.Events.Select(e => e.Position));
            page.Through.ShouldBeGreaterThan(after);
            after = page.Through;
        }

        await writing;
        var expected = (await Log.Everything()).Where(filter.Matches).Select(e => e.Position);
        seen.ShouldBe(expected);
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_the_next_append()
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => Log.WaitBeyond(0, CancellationToken.None)).ToList();
        waiting.ShouldAllBe(task => !task.IsCompleted);

        await Log.MustAppend("a", 0, Sample.Event());

        await Task.WhenAll(waiting);
        Log.WaitBeyond(0, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Waiting_and_reading_end_when_they_are_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = Log.WaitBeyond(0, cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await Should.ThrowAsync<OperationCanceledException>(() => Log.ReadAll(0, LogFilter.All, 1, cancel.Token));
    }

    [Fact]
    public async Task A_page_must_have_room_for_an_event()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Log.ReadAll(0, LogFilter.All, 0));
        await Should.ThrowAsync<ArgumentException>(async () => await Log.ReadStream(Sample.Order("a"), 1, 0, ReadDirection.Forwards));
    }
}
