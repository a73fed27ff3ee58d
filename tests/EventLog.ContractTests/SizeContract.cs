using System.Text;

namespace Loire.EventLog.ContractTests;

/// <summary>Long streams and large events.</summary>
public abstract class SizeContract : StoreContract
{
    [Fact]
    public async Task A_stream_of_100_000_events_is_loaded_whole_and_read_in_pages_both_ways()
    {
        const int length = 100_000;
        const int batch = 1_000;
        for (var version = 0; version < length; version += batch)
        {
            await Log.MustAppend("long", version, Sample.Events(batch));
            await Log.MustAppend("other", version / batch, Sample.Event());
        }

        var versions = Enumerable.Range(1, length).Select(n => (long)n).ToList();
        (await Log.Load(Sample.Order("long"))).Select(e => e.Version).SequenceEqual(versions).ShouldBeTrue();
        (await Log.Load(Sample.Order("long"), length - 2)).Select(e => e.Version).ShouldBe([length - 1, length]);
        (await Pages(ReadDirection.Forwards, from: 1)).SequenceEqual(versions).ShouldBeTrue();
        (await Pages(ReadDirection.Backwards, from: long.MaxValue)).SequenceEqual(versions.AsEnumerable().Reverse()).ShouldBeTrue();

        async Task<List<long>> Pages(ReadDirection direction, long from)
        {
            List<long> read = [];
            for (long? next = from; next is not null;)
            {
                var page = await Log.ReadStream(Sample.Order("long"), next.Value, 999, direction);
                page.Version.ShouldBe(length);
                read.AddRange(page.Events.Select(e => e.Version));
                next = page.Next;
            }

            return read;
        }
    }

    [Fact]
    public async Task Rare_events_are_found_however_far_they_are_apart()
    {
        var rare = new LogFilter { Types = ["rare", "never"] };
        List<long> at = [];
        foreach (var others in (int[])[0, 10_000, 0, 30_001, 20_000])
        {
            await Others(others);
            at.Add((await Log.MustAppend($"rare-{at.Count}", 0, Sample.Event("rare"))).Position);
        }

        await Others(15_000);
        var head = Log.Head;

        var pages = new List<LogPage>();
        for (var after = 0L; after < head; after = pages[^1].Through)
        {
            pages.Add(await Log.ReadAll(after, rare, limit: 2));
        }

        pages.SelectMany(page => page.Events).Select(e => e.Position).ShouldBe(at);
        pages.Select(page => page.Through).ShouldBe([at[1], at[3], head]);
        (await Log.ReadAll(at[1], rare with { Types = ["never"] }, limit: 1)).ShouldSatisfyAllConditions(
            page => page.Events.ShouldBeEmpty(), page => page.Through.ShouldBe(head), page => page.Head.ShouldBe(head));

        Task Others(int count) => Task.WhenAll(Sample.Events(count).Chunk(1_000).Select(chunk =>
            Log.MustAppend($"other-{Guid.NewGuid():N}", 0, chunk)));
    }

    [Fact]
    public async Task Events_of_a_megabyte_come_back_as_they_went_in()
    {
        var random = new Random(1);
        var data = Enumerable.Range(0, 8).Select(_ => Text(random, 1 << 20)).ToList();

        await Task.WhenAll(data.Take(4).Select((text, n) => Log.MustAppend($"large-{n}", 0, Sample.Event(data: text))));
        await Log.MustAppend("all", 0, [.. data.Skip(4).Select(text => Sample.Event(data: text))]);
        await Store.Restart();

        (await Log.Load(Sample.Order("all"))).Select(TextOf).SequenceEqual(data.Skip(4)).ShouldBeTrue();
        for (var n = 0; n < 4; n++)
        {
            var page = await Log.ReadStream(Sample.Order($"large-{n}"), 1, 10, ReadDirection.Forwards);
            (TextOf(page.Events.ShouldHaveSingleItem()) == data[n]).ShouldBeTrue();
        }

        (await Log.Everything()).Select(TextOf).Order(StringComparer.Ordinal)
            .SequenceEqual(data.Order(StringComparer.Ordinal)).ShouldBeTrue();
    }

    // Letters that do not compress well, of one to four bytes each.
    private static string Text(Random random, int bytes)
    {
        const string letters = "abcdefghijklmnopqrstuvwxyzäöüßéèñ€中文字";
        var text = new StringBuilder("\"");
        for (var size = 2; size < bytes - 4;)
        {
            var letter = letters[random.Next(letters.Length)];
            text.Append(letter);
            size += Encoding.UTF8.GetByteCount([letter]);
        }

        return text.Append('"').ToString();
    }

    private static string TextOf(RecordedEvent e) => Encoding.UTF8.GetString(e.Data.Span);
}
