namespace Loire.EventLog.ContractTests;

/// <summary>Text of any kind comes back as it went in, or is refused; it is never taken for anything but text.</summary>
public abstract class HostileTextContract : StoreContract
{
    private static readonly string[] Texts =
    [
        "'; DROP TABLE events; --", "\"quoted\"", "a/b", "%_\\", "é e\u0301 ß İ", "日本語 🐙", "$1 ?1 :p @p", " lead and trail ", "NULL", "{}",
    ];

    public static TheoryData<string> Hostile => [.. Texts];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task It_round_trips_in_every_field(string text)
    {
        var stream = new StreamName(text, text);
        var metadata = new EventMetadata(text, text, text, text, text);
        var key = Sample.Key(text);
        await Log.Append(new AppendRequest(stream, 0, [Sample.Event(text, "\"" + text + "\"", metadata: metadata)], key));

        var read = (await Log.Load(stream)).ShouldHaveSingleItem();

        read.Stream.ShouldBe(stream);
        read.Type.ShouldBe(text);
        read.Metadata.ShouldBe(metadata);
        (await Log.FindReceipt(stream, key)).ShouldNotBeNull();
        (await Log.ReadAll(0, new LogFilter { Types = [text, "other"], Aggregates = [text], CorrelationId = text }, 10))
            .Events.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Streams_with_similar_names_are_different_streams()
    {
        string[] ids = ["a", "A", "a ", " a", "á", "a\u0301", "a/", "a'"];
        foreach (var id in ids)
        {
            await Log.MustAppend(id, 0, Sample.Event());
        }

        foreach (var id in ids)
        {
            (await Log.Load(Sample.Order(id))).ShouldHaveSingleItem().Stream.Id.ShouldBe(id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\t")]
    [InlineData("nul\0")]
    public async Task A_stream_id_that_cannot_be_kept_is_refused(string id) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Log.Append(id, 0, Sample.Event()));

    [Fact]
    public async Task An_unpaired_surrogate_is_refused_and_a_nul_character_is_kept()
    {
        await Should.ThrowAsync<ArgumentException>(
            async () => await Log.Append("a", 0, Sample.Event(metadata: new EventMetadata(UserId: "\udc00"))));

        await Should.ThrowAsync<ArgumentException>(async () => await Log.Append("\ud800", 0, Sample.Event()));
        await Should.ThrowAsync<ArgumentException>(async () => await Log.ReadAll(0, new LogFilter { Types = ["\ud800"] }, 1));

        await Log.MustAppend("a", 0, Sample.Event(metadata: new EventMetadata(UserId: "before\0after")));
        (await Log.Load(Sample.Order("a"))).ShouldHaveSingleItem().Metadata.UserId.ShouldBe("before\0after");
    }

    [Fact]
    public async Task Data_is_kept_byte_by_byte()
    {
        var megabyte = Sample.Event(data: "\"" + new string('x', 1 << 20) + "\"");
        var empty = Sample.Event(data: "");
        var nul = Sample.Event(data: "\"\0 after\"");
        await Log.MustAppend("a", 0, megabyte, empty, nul);

        var read = await Log.Load(Sample.Order("a"));

        read.Select(e => e.Data.ToArray()).ShouldBe([megabyte.Data.ToArray(), empty.Data.ToArray(), nul.Data.ToArray()]);
    }
}
