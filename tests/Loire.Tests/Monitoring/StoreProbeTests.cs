using Loire.EventLog;
using Loire.Gateway;
using Loire.Gateway.Health;
using Loire.Testing;
using Microsoft.Extensions.Options;

namespace Loire.Tests.Monitoring;

/// <summary>How the health check finds out whether the store works.</summary>
public sealed class StoreProbeTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly StoreFaults _store = new();
    private readonly StoreProbe _probe;

    public StoreProbeTests() => _probe = new StoreProbe(
        InMemoryStore.Open(schedule: _store).Views, _time, Options.Create(new GatewayOptions { StoreWriteInterval = Interval }));

    [Fact]
    public async Task It_writes_at_most_once_in_an_interval_and_reads_in_between()
    {
        var first = Write();
        await _probe.Ask();
        first.Happened.IsCompleted.ShouldBeTrue();

        var (second, read) = (Write(), Read());
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        await _probe.Ask();
        (second.Happened.IsCompleted, read.Happened.IsCompleted).ShouldBe((false, true));

        _time.Advance(TimeSpan.FromTicks(1));
        await _probe.Ask();
        second.Happened.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_that_does_not_read_is_found_out_at_once()
    {
        await _probe.Ask();
        Read().Fails();

        await Should.ThrowAsync<StoreUnavailableException>(_probe.Ask());
        await _probe.Ask();
    }

    [Fact]
    public async Task A_write_that_has_failed_stands_for_nothing()
    {
        await _probe.Ask();
        _time.Advance(Interval);
        Write().Fails().Times(2);

        await Should.ThrowAsync<StoreUnavailableException>(_probe.Ask());
        await Should.ThrowAsync<StoreUnavailableException>(_probe.Ask());
        var written = Write();
        await _probe.Ask();
        written.Happened.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Those_who_ask_together_share_one_write()
    {
        var held = Write().Holds();
        var (one, other) = (_probe.Ask(), _probe.Ask());
        await held.Happened;
        var second = Write();

        held.Release();

        (await one).ShouldBe(await other);
        second.Happened.IsCompleted.ShouldBeFalse();
    }

    private StoreFault Write() => _store.Before(StoreOperationKind.CommitView, "health");

    private StoreFault Read() => _store.Before(StoreOperationKind.ReadCheckpoint, "health");
}
