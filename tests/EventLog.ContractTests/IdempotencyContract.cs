namespace Loire.EventLog.ContractTests;

/// <summary>Idempotency keys: one effect, the same receipt.</summary>
public abstract class IdempotencyContract : StoreContract
{
    private static AppendRequest Request(IdempotencyKey key, long expected = 0, int events = 2) =>
        new(Sample.Order("a"), expected, Sample.Events(events), key);

    [Fact]
    public async Task The_same_key_again_gives_the_first_receipt()
    {
        var first = (await Log.Append(Request(Sample.Key("k")))).ShouldBeOfType<AppendResult.Appended>();
        await Log.MustAppend("a", 2, Sample.Events(3));

        var again = (await Log.Append(Request(Sample.Key("k"), expected: 77))).ShouldBeOfType<AppendResult.Appended>();

        first.Replayed.ShouldBeFalse();
        again.Replayed.ShouldBeTrue();
        again.Receipt.ShouldMatch(first.Receipt);
        Log.Head.ShouldBe(5);
    }

    [Fact]
    public async Task The_same_key_with_another_fingerprint_is_refused()
    {
        await Log.Append(Request(Sample.Key("k", fingerprint: 1)));

        (await Log.Append(Request(Sample.Key("k", fingerprint: 2), expected: 2))).ShouldBe(AppendResult.KeyReused.Instance);
        (await Log.FindReceipt(Sample.Order("a"), Sample.Key("k", fingerprint: 2))).ShouldBe(AppendResult.KeyReused.Instance);
        Log.Head.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_counts_within_its_stream_only()
    {
        await Log.Append(Request(Sample.Key("k")));

        var other = await Log.Append(Request(Sample.Key("k")) with { Stream = Sample.Order("b") });

        other.ShouldBeOfType<AppendResult.Appended>().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task In_a_race_of_one_key_it_takes_effect_once_and_all_get_the_same_receipt()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Log.Append(Request(Sample.Key("k"))))));

        var appended = results.Cast<AppendResult.Appended>().ToList();
        appended.Count(result => !result.Replayed).ShouldBe(1);
        appended.Select(result => result.Receipt.Events[0].EventId).Distinct().ShouldHaveSingleItem();
        Log.Head.ShouldBe(2);
    }

    [Fact]
    public async Task A_conflict_does_not_use_up_the_key()
    {
        (await Log.Append(Request(Sample.Key("k"), expected: 5))).ShouldBeOfType<AppendResult.Conflict>();

        (await Log.FindReceipt(Sample.Order("a"), Sample.Key("k"))).ShouldBeNull();
        (await Log.Append(Request(Sample.Key("k")))).ShouldBeOfType<AppendResult.Appended>().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_receipt_can_be_kept_without_events()
    {
        await Log.MustAppend("a", 0, Sample.Events(2));
        await Log.Append(Request(Sample.Key("k"), expected: 2, events: 0));
        await Log.MustAppend("a", 2, Sample.Event());

        var found = (await Log.FindReceipt(Sample.Order("a"), Sample.Key("k"))).ShouldBeOfType<AppendResult.Appended>();

        found.Replayed.ShouldBeTrue();
        found.Receipt.ShouldMatch(new Receipt(Sample.Order("a"), 2, 2, []));
    }

    [Fact]
    public async Task A_receipt_outlives_a_restart()
    {
        await Log.Append(Request(Sample.Key("k")));
        await Store.Restart();

        (await Log.Append(Request(Sample.Key("k")))).ShouldBeOfType<AppendResult.Appended>().Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_expired_receipt_counts_as_absent()
    {
        var expiry = Store.Time.GetUtcNow().AddHours(1);
        await Log.Append(Request(Sample.Key("k", expires: expiry)));
        Store.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(10));
        (await Log.FindReceipt(Sample.Order("a"), Sample.Key("k"))).ShouldNotBeNull();

        Store.Time.Advance(TimeSpan.FromTicks(10));

        (await Log.FindReceipt(Sample.Order("a"), Sample.Key("k"))).ShouldBeNull();
        (await Log.Append(Request(Sample.Key("k", fingerprint: 9), expected: 2)))
            .ShouldBeOfType<AppendResult.Appended>().Receipt.Version.ShouldBe(4);
    }

    [Fact]
    public async Task Receipts_that_expire_and_receipts_that_do_not_are_kept_in_one_commit()
    {
        var expiry = Store.Time.GetUtcNow().AddHours(1);
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Log.Append(
            Request(Sample.Key("k", expires: i % 2 == 0 ? null : expiry)) with { Stream = Sample.Order($"o-{i}") })));
        results.ShouldAllBe(result => result is AppendResult.Appended);
        Store.Time.Advance(TimeSpan.FromHours(1));

        (await Log.FindReceipt(Sample.Order("o-62"), Sample.Key("k"))).ShouldNotBeNull();
        (await Log.FindReceipt(Sample.Order("o-63"), Sample.Key("k"))).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public async Task A_key_of_another_length_is_refused(int length) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Log.Append(Request(Sample.Key(new string('k', length)))));
}
