using Loire.Commands;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Loire.Tests.Snapshots;

/// <summary>The platform with diaries, and a snapshot store to watch. It can be started again on the same data.</summary>
public sealed class DiaryHost : IAsyncDisposable
{
    private LoireHost _loire = null!;

    private DiaryHost()
    {
    }

    public InterceptedLog Log { get; private set; } = null!;

    public InterceptedSnapshots Snapshots { get; private set; } = null!;

    public WarningsKept Warnings { get; private set; } = null!;

    public LoireHost Loire => _loire;

    public static async Task<DiaryHost> Start(Action<SnapshotOptions> options, Action<LoireBuilder>? loire = null, TimeProvider? time = null)
    {
        var host = new DiaryHost();
        await host.Open(folder: null, options, loire, time);
        return host;
    }

    /// <summary>Stops, and starts again on the same data.</summary>
    public async Task Restart(Action<SnapshotOptions> options) => await Open(await _loire.Stop(), options);

    public Task<CommandReceipt> Write(string text, string id = "d") =>
        _loire.Accepted("diary", id, new DiaryCommand.Write(text));

    public async Task Write(int count, string id = "d")
    {
        for (var n = 1; n <= count; n++)
        {
            await Write($"line {n}", id);
        }
    }

    /// <summary>All that the grain's state holds.</summary>
    public async Task<string> Show(string id = "d") =>
        (await _loire.Send("diary", id, new DiaryCommand.Show())).ShouldBeOfType<CommandResult.Rejected>().Detail;

    /// <summary>What it should hold: everything in the log, folded from the start.</summary>
    public async Task<string> Folded(string id = "d")
    {
        var decider = new DiaryDecider();
        var codec = new Serialization.EventCodec("diary", typeof(DiaryEvent));
        var events = await Log.Load(new StreamName("diary", id));
        return events.Aggregate(decider.Initial, (state, e) => decider.Evolve(state, (DiaryEvent)codec.Decode(e))).Text();
    }

    public ValueTask DisposeAsync() => _loire.DisposeAsync();

    private async Task Open(
        string? folder, Action<SnapshotOptions> options, Action<LoireBuilder>? more = null, TimeProvider? time = null)
    {
        Warnings = new WarningsKept();
        _loire = await LoireHost.Start(
            folder,
            inner => Log = new InterceptedLog(inner),
            loire =>
            {
                loire.AddAggregate<DiaryGrain, DiaryDecider>(options);
                loire.Services.AddSingleton<ILoggerProvider>(Warnings);
                more?.Invoke(loire);
            },
            time,
            inner => Snapshots = new InterceptedSnapshots(inner));
    }
}
