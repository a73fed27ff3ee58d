using System.Text;

namespace Loire.EventLog.ContractTests;

/// <summary>Snapshots: where they are used, where they are left aside, which of them stays.</summary>
public abstract class SnapshotContract : StoreContract
{
    [Fact]
    public async Task A_stream_without_a_snapshot_is_loaded_whole()
    {
        await Log.MustAppend("a", 0, Sample.Events(3));

        var loaded = await Load("a");

        (loaded.Snapshot, loaded.Misfit, loaded.Position).ShouldBe((null, null, 0));
        loaded.Events.Select(e => e.Version).ShouldBe([1, 2, 3]);
        (await Load("never")).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snapshot_comes_with_the_events_after_it_and_survives_a_restart()
    {
        await Log.MustAppend("other", 0, Sample.Event());
        var receipt = await Log.MustAppend("a", 0, Sample.Events(5));
        const string state = """{"text":"é \u0000 𝄞 \u001a"}""";
        (await Snapshots.Save(Sample.Snapshot(receipt, 3, state: state))).ShouldBeTrue();
        await Store.Restart();

        var loaded = await Load("a");

        var snapshot = loaded.Snapshot.ShouldNotBeNull();
        (snapshot.Stream, snapshot.Version, snapshot.EventId, snapshot.Shape)
            .ShouldBe((Sample.Order("a"), 3, receipt.Events[2].EventId, Sample.Shape));
        Encoding.UTF8.GetString(snapshot.State.Span).ShouldBe(state);
        loaded.Position.ShouldBe(4);
        loaded.Events.Select(e => (e.Version, e.Position)).ShouldBe([(4, 5), (5, 6)]);
        loaded.Misfit.ShouldBeNull();
    }

    [Fact]
    public async Task A_snapshot_at_the_end_of_a_stream_leaves_no_events()
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Events(2));
        await Snapshots.Save(Sample.Snapshot(receipt, 2));

        var loaded = await Load("a");

        (loaded.Snapshot!.Version, loaded.Position, loaded.Events.Count).ShouldBe((2, 2, 0));
    }

    [Fact]
    public async Task A_snapshot_of_another_shape_is_not_given_and_gives_way_to_the_next()
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Events(5));
        await Snapshots.Save(Sample.Snapshot(receipt, 4, shape: "order-0"));

        var loaded = await Load("a");
        (loaded.Snapshot, loaded.Misfit, loaded.Events.Count).ShouldBe((null, null, 5));

        (await Snapshots.Save(Sample.Snapshot(receipt, 2))).ShouldBeTrue();
        (await Load("a")).Snapshot!.Version.ShouldBe(2);
        (await Load("a", "order-0")).Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task Only_the_newest_snapshot_of_a_stream_stays()
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Events(5));
        (await Snapshots.Save(Sample.Snapshot(receipt, 3))).ShouldBeTrue();
        (await Snapshots.Save(Sample.Snapshot(receipt, 2))).ShouldBeFalse();
        (await Load("a")).Snapshot!.Version.ShouldBe(3);

        (await Snapshots.Save(Sample.Snapshot(receipt, 5))).ShouldBeTrue();
        (await Snapshots.Save(Sample.Snapshot(receipt, 5, state: "\"again\""))).ShouldBeTrue();
        var loaded = await Load("a");
        (loaded.Snapshot!.Version, Encoding.UTF8.GetString(loaded.Snapshot.State.Span)).ShouldBe((5, "\"again\""));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task A_snapshot_that_is_off_its_version_is_left_aside_reported_and_replaced(long version)
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Events(5));
        await Snapshots.Save(Sample.Snapshot(receipt, 3));
        await Store.PutSnapshotsAt(version);

        var loaded = await Load("a");

        loaded.Snapshot.ShouldBeNull();
        loaded.Misfit.ShouldNotBeNull().EventId.ShouldBe(receipt.Events[2].EventId);
        loaded.Events.Select(e => e.Version).ShouldBe([1, 2, 3, 4, 5]);
        (await Snapshots.Save(Sample.Snapshot(receipt, 1))).ShouldBeTrue();
        (await Load("a")).Snapshot!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_snapshot_ahead_of_the_log_or_of_another_history_is_not_kept()
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Events(2));
        var elsewhere = await Log.MustAppend("b", 0, Sample.Events(3));
        var good = Sample.Snapshot(receipt, 2);

        (await Snapshots.Save(good with { Version = 3 })).ShouldBeFalse();
        (await Snapshots.Save(good with { Version = 1 })).ShouldBeFalse();
        (await Snapshots.Save(good with { EventId = elsewhere.Events[1].EventId })).ShouldBeFalse();
        (await Snapshots.Save(good with { Stream = Sample.Order("none") })).ShouldBeFalse();

        (await Load("a")).Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task A_load_beside_appends_and_snapshots_is_always_whole()
    {
        const int total = 300;
        var writing = Task.Run(async () =>
        {
            for (var n = 0; n < total; n++)
            {
                var receipt = await Log.MustAppend("a", n, Sample.Event());
                await Snapshots.Save(Sample.Snapshot(receipt, n + 1));
            }
        });

        for (var (version, loads) = (0L, 0); version < total; loads++)
        {
            var loaded = await Load("a");
            loaded.Misfit.ShouldBeNull();
            var from = loaded.Snapshot?.Version ?? 0;
            loaded.Events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, loaded.Events.Count).Select(n => from + n));
            (from + loaded.Events.Count).ShouldBeGreaterThanOrEqualTo(version);
            version = from + loaded.Events.Count;
        }

        await writing;
    }

    [Fact]
    public async Task Large_states_are_kept_and_what_is_out_of_range_is_refused()
    {
        var receipt = await Log.MustAppend("a", 0, Sample.Event());
        var good = Sample.Snapshot(receipt, 1, state: $"\"{new string('x', 1 << 20)}\"");
        (await Snapshots.Save(good)).ShouldBeTrue();
        (await Load("a")).Snapshot!.State.Length.ShouldBe((1 << 20) + 2);

        Snapshot[] wrong =
        [
            good with { Version = 0 }, good with { Shape = "" }, good with { Shape = new string('s', 201) },
            good with { Shape = "\ud800" }, good with { State = new byte[] { 0xff } }, good with { Stream = new("order", "") },
        ];
        foreach (var each in wrong)
        {
            await Should.ThrowAsync<ArgumentException>(async () => await Snapshots.Save(each));
        }

        await Should.ThrowAsync<ArgumentException>(async () => await Load("a", ""));
        await Should.ThrowAsync<ArgumentException>(async () => await Snapshots.Load(new("order", ""), Sample.Shape));
    }

    private Task<LoadedStream> Load(string id, string shape = Sample.Shape) => Snapshots.Load(Sample.Order(id), shape);
}
