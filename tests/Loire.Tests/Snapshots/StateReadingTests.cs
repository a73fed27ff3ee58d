using Loire.Aggregates;
using Loire.EventLog;
using Loire.Snapshots;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Snapshots;

/// <summary>States that are read without their grains come from snapshots too, and are what all events come to.</summary>
public sealed class StateReadingTests : IAsyncLifetime
{
    private DiaryHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DiaryHost.Start(EveryTen);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_state_is_read_from_the_snapshot_and_the_events_after_it()
    {
        await _host.Write(25);
        await _host.Snapshots.Until(s => s.Version == 20);
        _host.Snapshots.Loads.Clear();

        var reading = (await Read()).ShouldNotBeNull();

        reading.Version.ShouldBe(25);
        reading.State.ToString().ShouldBe(await Folded());
        var loaded = _host.Snapshots.Loads.ShouldHaveSingleItem();
        (loaded.Snapshot!.Version, loaded.Events.Count).ShouldBe((20, 5));
    }

    [Fact]
    public async Task A_snapshot_at_the_last_event_is_the_state()
    {
        await _host.Write(10);
        await _host.Snapshots.Until(s => s.Version == 10);

        var reading = (await Read()).ShouldNotBeNull();

        reading.Version.ShouldBe(10);
        reading.State.ToString().ShouldBe(await Folded());
    }

    [Fact]
    public async Task Where_no_snapshot_can_be_used_the_reader_takes_one()
    {
        await _host.Write(12);
        await _host.Snapshots.Until(s => s.Version == 10);
        await _host.Restart(OtherRules);

        (await Read()).ShouldNotBeNull().State.ToString().ShouldBe(await Folded());
        _host.Snapshots.Loads.ShouldHaveSingleItem().Events.Count.ShouldBe(12);
        await _host.Snapshots.Until(s => s.Version == 12);

        (await Read()).ShouldNotBeNull().State.ToString().ShouldBe(await Folded());
        _host.Snapshots.Loads.Last().Snapshot!.Version.ShouldBe(12);
    }

    [Fact]
    public async Task A_snapshot_that_does_not_fit_does_not_count()
    {
        await _host.Write(12);
        var misfit = await _host.Snapshots.Until(s => s.Version == 10);
        _host.Snapshots.OnLoad = async _ => new LoadedStream(null, 0, await _host.Log.Load(misfit.Stream), misfit);

        (await Read()).ShouldNotBeNull().State.ToString().ShouldBe(await Folded());
    }

    [Fact]
    public async Task What_has_no_events_is_not_there() => (await Read("nobody")).ShouldBeNull();

    private static void EveryTen(SnapshotOptions options)
    {
        options.Every = 10;
        options.MinInterval = TimeSpan.Zero;
        options.RulesVersion = 1;
    }

    private static void OtherRules(SnapshotOptions options)
    {
        EveryTen(options);
        options.RulesVersion = 2;
    }

    private Task<AggregateReading?> Read(string id = "d") =>
        Service<AggregateReader>().Read(Diaries, id, TestContext.Current.CancellationToken);

    private async Task<string> Folded() =>
        Diaries.Fold(await _host.Log.Load(new StreamName("diary", "d"), cancellation: TestContext.Current.CancellationToken)).ToString();

    private AggregateDefinition Diaries => Service<AggregateRegistry>().TryGet("diary", out var diaries)
        ? diaries
        : throw new InvalidOperationException("There are no diaries.");

    private T Service<T>()
        where T : notnull =>
        _host.Loire.Services.GetRequiredService<T>();
}
