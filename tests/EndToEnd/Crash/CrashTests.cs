using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Crash;

[CollectionDefinition(nameof(Crash), DisableParallelization = true)]
public sealed class Crash;

/// <summary>
/// Kills the silo under load, round after round, and looks whether anything that was promised is missing, or anything was
/// done twice; views are filled anew meanwhile. <c>LOIRE_CRASH_ROUNDS</c> and <c>LOIRE_CRASH_SEED</c> choose how often and what.
/// </summary>
[Collection(nameof(Crash))]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Clients = 32;
    private static readonly TimeSpan RoundLimit = TimeSpan.FromMinutes(1);

    private readonly int _seed = Setting("LOIRE_CRASH_SEED", Environment.TickCount);
    private readonly ConcurrentQueue<Acknowledgement> _acknowledged = new();
    private int _rebuilt;

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_the_silo_is_killed_under_load()
    {
        using var data = new DataFolder();
        var random = new Random(_seed);
        output.WriteLine($"LOIRE_CRASH_SEED={_seed}");
        await SetUp(data);
        for (var round = 1; round <= Setting("LOIRE_CRASH_ROUNDS", 20); round++)
        {
            var started = Stopwatch.GetTimestamp();
            await Round(data, round, random).WaitAsync(RoundLimit);
            output.WriteLine($"round {round}: {_rebuilt} views have been rebuilt, {_acknowledged.Count} acknowledged, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }

        _rebuilt.ShouldBeGreaterThan(0);
    }

    private async Task SetUp(DataFolder data)
    {
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        foreach (var operation in Workload.Setup())
        {
            _acknowledged.Enqueue((await LoadClient.Send(api, operation)).ShouldNotBeNull());
        }

        await silo.Kill();
    }

    private async Task Round(DataFolder data, int round, Random random)
    {
        var clients = Enumerable.Range(0, Clients).Select(c => new LoadClient(new Workload(_seed, round, c), _acknowledged.Enqueue)).ToArray();
        await KillUnderLoad(data, clients, acknowledgements: random.Next(150, 301), random);
        await KillWhileRecovering(data, random.Next(0, 3));

        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        await Task.WhenAll(clients.Select(c => c.Finish(api)));
        await LoadChecks.Settled(api);
        _rebuilt = Math.Max(_rebuilt, await Rebuilds.HaveEnded(api));
        await LoadChecks.Check(api, _acknowledged, random);
        await silo.Kill();
    }

    private async Task KillUnderLoad(DataFolder data, LoadClient[] clients, int acknowledgements, Random random)
    {
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        using var stop = new CancellationTokenSource();
        var target = _acknowledged.Count + acknowledgements;
        var rebuild = target - random.Next(acknowledgements / 2);
        Task? rebuilding = null;
        var load = clients.Select(c => c.Run(api, stop.Token)).ToArray();
        while ((_acknowledged.Count < target || rebuilding is null or { IsCompleted: false }) && !load.Any(l => l.IsCompleted))
        {
            if (_acknowledged.Count >= rebuild)
            {
                rebuilding ??= Rebuilds.Start(api);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        await silo.Kill();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await (rebuilding ?? Task.CompletedTask);
        _acknowledged.Count.ShouldBeGreaterThanOrEqualTo(target, silo.Logged);
    }

    /// <summary>A process that has just come up and wakes its sagas may die as well.</summary>
    private static async Task KillWhileRecovering(DataFolder data, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await using var silo = await SiloProcess.Start(data.Path);
            await silo.Kill();
        }
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
