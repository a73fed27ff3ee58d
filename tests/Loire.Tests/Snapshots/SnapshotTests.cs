using System.Text;
using Loire.Commands;
using Loire.EventLog;
using Loire.Snapshots;

namespace Loire.Tests.Snapshots;

/// <summary>Aggregates that go on from snapshots: the outcome is the same as without.</summary>
public sealed class SnapshotTests : IAsyncLifetime
{
    private DiaryHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DiaryHost.Start(EveryTen);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_grain_goes_on_from_its_snapshot_with_all_of_its_state()
    {
        await _host.Write(25);
        await _host.Snapshots.Until(s => s.Version == 20);
        var before = await _host.Show();

        await _host.Restart(EveryTen);

        (await _host.Show()).ShouldBe(before);
        (await _host.Folded()).ShouldBe(before);
        var loaded = _host.Snapshots.Loads.ShouldHaveSingleItem();
        (loaded.Snapshot!.Version, loaded.Events.Count).ShouldBe((20, 5));
        var receipt = await _host.Write("more");
        (receipt.Version, receipt.Position).ShouldBe((26, 26));
        (await _host.Show()).ShouldBe(await _host.Folded());
    }

    [Fact]
    public async Task A_snapshot_at_the_last_event_knows_version_and_position()
    {
        await _host.Write(10);
        await _host.Snapshots.Until(s => s.Version == 10);
        await _host.Restart(EveryTen);

        (await _host.Loire.Send("diary", "d", new DiaryCommand.Write("late"), expectedVersion: 9))
            .ShouldBeOfType<CommandResult.VersionMismatch>().CurrentVersion.ShouldBe(10);
        (await _host.Write("on time")).Position.ShouldBe(11);
        (await _host.Show()).ShouldBe(await _host.Folded());
    }

    [Fact]
    public async Task Snapshots_of_other_rules_are_not_used_and_give_way()
    {
        await _host.Write(20);
        await _host.Snapshots.Until(s => s.Version == 20);

        await _host.Restart(OtherRules);
        (await _host.Show()).ShouldBe(await _host.Folded());
        _host.Snapshots.Loads.ShouldHaveSingleItem().Events.Count.ShouldBe(20);
        await _host.Snapshots.Until(s => s.Version == 20);

        await _host.Restart(OtherRules);
        await _host.Show();
        _host.Snapshots.Loads.ShouldHaveSingleItem().Snapshot!.Version.ShouldBe(20);

        static void OtherRules(SnapshotOptions options)
        {
            EveryTen(options);
            options.RulesVersion = 2;
        }
    }

    [Fact]
    public async Task A_snapshot_that_does_not_fit_is_told_and_the_state_comes_from_the_events()
    {
        await _host.Write(12);
        var misfit = await _host.Snapshots.Until(s => s.Version == 10);
        await _host.Restart(EveryTen);
        _host.Snapshots.OnLoad = async _ => new LoadedStream(null, 0, await _host.Log.Load(misfit.Stream), misfit);

        (await _host.Show()).ShouldBe(await _host.Folded());

        _host.Warnings.Messages.ShouldContain(m => m.Contains("diary/d") && m.Contains(misfit.EventId.ToString()));
        (await _host.Snapshots.Until(s => s.Version == 12)).EventId.ShouldNotBe(misfit.EventId);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"nonsense":1}""")]
    public async Task A_snapshot_that_cannot_be_read_is_told_and_the_state_comes_from_the_events(string state)
    {
        _host.Snapshots.OnSave = (snapshot, save) => save(snapshot with { State = Encoding.UTF8.GetBytes(state) });
        await _host.Write(12);
        await _host.Snapshots.Until(s => s.Version == 10);
        await _host.Restart(EveryTen);

        (await _host.Show()).ShouldBe(await _host.Folded());

        _host.Warnings.Messages.ShouldContain(m => m.Contains("diary/d") && m.Contains("cannot be read"));
        _host.Snapshots.Loads.First().Snapshot.ShouldNotBeNull();
        (await _host.Snapshots.Until(s => s.Version == 12)).ShouldNotBeNull();
    }

    [Fact]
    public async Task When_they_are_off_the_state_comes_from_the_events()
    {
        await _host.Write(20);
        await _host.Snapshots.Until(s => s.Version == 20);

        await _host.Restart(options => options.Every = 0);

        (await _host.Show()).ShouldBe(await _host.Folded());
        await _host.Write(20);
        _host.Snapshots.Loads.ShouldBeEmpty();
        _host.Snapshots.Kept.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Over_any_number_of_restarts_the_state_is_what_the_events_say(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 4; round++)
        {
            var every = random.Next(1, 8);
            await _host.Restart(options => (options.Every, options.MinInterval) = (every, TimeSpan.Zero));
            foreach (var id in (string[])["d", "e"])
            {
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 40)).Select(n => _host.Write($"{round} {n}", id)));
                await AppendBehindTheGrainsBack(id);
                await _host.Write("after", id);
                (await _host.Show(id)).ShouldBe(await _host.Folded(id), $"round {round}, every {every}");
            }
        }

        _host.Snapshots.Loads.ShouldContain(loaded => loaded.Snapshot != null);
    }

    private async Task AppendBehindTheGrainsBack(string id)
    {
        var stream = new StreamName("diary", id);
        var version = (await _host.Log.Load(stream)).Count;
        var data = Encoding.UTF8.GetBytes("""{"text":"elsewhere","worth":2.25}""");
        var e = new NewEvent(Guid.NewGuid(), "diary.written", 1, TimeProvider.System.GetUtcNow(), data, EventMetadata.None);
        (await _host.Loire.Append(new AppendRequest(stream, version, [e]))).ShouldBeOfType<AppendResult.Appended>();
    }

    private static void EveryTen(SnapshotOptions options) => (options.Every, options.MinInterval) = (10, TimeSpan.Zero);
}
