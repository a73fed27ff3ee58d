using Loire.Commands;
using Loire.EventLog;
using Loire.Snapshots;

namespace Loire.Tests.Snapshots;

/// <summary>Snapshots are written beside the commands: they hold up none, fail none, and are never ahead of the log.</summary>
public sealed class SnapshotWritingTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_write_that_fails_fails_no_command_and_the_next_one_makes_up_for_it()
    {
        await using var host = await DiaryHost.Start(EveryTen);
        host.Snapshots.OnSave = (snapshot, save) => snapshot.Version < 20
            ? throw new StoreUnavailableException("The disk is full.")
            : save(snapshot);

        await host.Write(25);

        (await host.Snapshots.Until(_ => true)).Version.ShouldBe(20);
        host.Warnings.Messages.ShouldContain(m => m.Contains("diary/d") && m.Contains("version 10"));
    }

    [Fact]
    public async Task A_write_that_does_not_end_holds_up_no_command_however_many_snapshots_are_due()
    {
        await using var host = await DiaryHost.Start(EveryOne);
        host.Snapshots.OnSave = async (snapshot, save) =>
        {
            await _gate.Task;
            return await save(snapshot);
        };

        await host.Write(600);
        host.Snapshots.Kept.ShouldBeEmpty();

        _gate.SetResult();
        await host.Snapshots.Until(s => s.Version >= 256);
        await host.Write("once more");
        await host.Snapshots.Until(s => s.Version == 601);
    }

    [Fact]
    public async Task A_silo_stops_while_a_write_does_not_end()
    {
        var host = await DiaryHost.Start(EveryOne);
        host.Snapshots.OnSave = async (snapshot, save) =>
        {
            _reached.TrySetResult();
            await _gate.Task;
            return await save(snapshot);
        };
        await host.Write(3);
        await _reached.Task.WaitAsync(LoireHost.Limit);

        await host.DisposeAsync();

        _gate.SetResult();
    }

    [Fact]
    public async Task What_is_not_on_disk_yet_is_in_no_snapshot()
    {
        await using var host = await DiaryHost.Start(EveryTen);
        await host.Write(9);
        host.Log.OnAppend = async (request, append) =>
        {
            if (request.Stream.Id == "d")
            {
                _reached.TrySetResult();
                await _gate.Task;
            }

            return await append();
        };

        var writing = Task.WhenAll(Enumerable.Range(0, 30).Select(n => host.Write($"held {n}")));
        await _reached.Task.WaitAsync(LoireHost.Limit);
        await host.Write(20, id: "another");

        // Snapshots are written in the order in which they are taken.
        await host.Snapshots.Until(s => s.Stream.Id == "another" && s.Version == 20);
        host.Snapshots.Kept.ShouldNotContain(s => s.Stream.Id == "d");
        writing.IsCompleted.ShouldBeFalse();
        _gate.SetResult();
        await writing;
        (await host.Snapshots.Until(s => s.Stream.Id == "d")).Version.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task What_another_writer_was_faster_with_is_in_no_snapshot()
    {
        await using var host = await DiaryHost.Start(EveryOne);
        await host.Write(5);
        host.Log.OnAppend = (_, _) => throw new StoreUnavailableException("The disk is full.");
        (await host.Loire.Send("diary", "d", new DiaryCommand.Write("lost"))).ShouldBeOfType<CommandResult.StoreUnavailable>();
        host.Log.OnAppend = (_, append) => append();
        await host.Write("kept");

        var snapshot = await host.Snapshots.Until(s => s.Version == 6);

        System.Text.Encoding.UTF8.GetString(snapshot.State.Span).ShouldNotContain("lost");
        (await host.Show()).ShouldBe(await host.Folded());
    }

    [Fact]
    public async Task However_busy_an_aggregate_is_there_is_time_between_its_snapshots()
    {
        // Less than the time limits of calls and of the store, which go by the same clock.
        var interval = TimeSpan.FromSeconds(5);
        var time = new StoppedWatch();
        await using var host = await DiaryHost.Start(
            options => (options.Every, options.MinInterval) = (10, interval), time: time);
        await host.Write(50);
        (await host.Snapshots.Until(_ => true)).Version.ShouldBe(10);

        time.Now += interval.Ticks;
        await host.Write("later");

        await host.Snapshots.Until(s => s.Version == 51);
        host.Snapshots.Kept.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_state_that_is_too_large_is_told_and_not_kept()
    {
        await using var host = await DiaryHost.Start(options =>
        {
            EveryOne(options);
            options.MaxBytes = 1000;
        });
        await host.Write(new string('x', 2000));
        await host.Write(1, id: "another");

        (await host.Snapshots.Until(_ => true)).Stream.Id.ShouldBe("another");
        host.Warnings.Messages.ShouldContain(m => m.Contains("diary/d") && m.Contains("1000"));
    }

    private static void EveryOne(SnapshotOptions options) => (options.Every, options.MinInterval) = (1, TimeSpan.Zero);

    private static void EveryTen(SnapshotOptions options) => (options.Every, options.MinInterval) = (10, TimeSpan.Zero);

    /// <summary>A clock whose stop-watch a test moves.</summary>
    private sealed class StoppedWatch : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
