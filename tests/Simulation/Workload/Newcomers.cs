using Commerce.Users;
using Commerce.Values;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>People who join. They confirm their address at once, late, twice, or never, and some leave again.</summary>
internal sealed class Newcomers(Simulator simulator, SimulatedCluster cluster)
{
    private readonly SagaCalls _sagas = new(simulator, cluster, UserOnboarding.Name);
    private readonly List<Task> _stories = [];

    /// <summary>Ids of newcomers, and of the accounts that are opened for them, begin with it.</summary>
    public const string Prefix = "n";

    /// <summary>Somebody joins; some do so who have registered already.</summary>
    public async Task Join()
    {
        var id = $"{Prefix}{_stories.Count + 1}";
        var user = simulator.Random.Chance(0.2) ? $"u{simulator.Random.Next(2)}" : id;
        var gift = Money.Of(simulator.Random.Chance(0.25) ? 0 : simulator.Random.Next(1, 20));
        var context = new UserOnboarding.Context(user, "Eve", "eve@example.org", id, gift);
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(context, LoireJson.Strict);
        var started = new TaskCompletionSource();
        _stories.Add(Live(id, started.Task));
        await _sagas.Tell(id, "start", saga => saga.Start(json, SagaCause.Unknown));
        started.SetResult();
    }

    /// <summary>Completes when everybody has confirmed their address or has been given up.</summary>
    public Task Finish() => Task.WhenAll(_stories);

    private async Task Live(string id, Task started)
    {
        var random = simulator.Random;
        await started;
        var fails = random.Chance(0.2);
        var most = TimeSpan.FromSeconds(random.Chance(0.3) ? 90 : 5);
        await Task.WhenAll(Enumerable.Range(0, random.Chance(0.3) ? 2 : 1).Select(async _ =>
        {
            await simulator.Delay(random.Between(TimeSpan.Zero, most));
            await (fails
                ? _sagas.Tell(id, "fail", saga => saga.FailStep("verify-email", "not-verified", "Nobody has confirmed the address."))
                : _sagas.Tell(id, "verify", saga => saga.CompleteStep("verify-email", default)));
        }));
        if (random.Chance(0.25))
        {
            await simulator.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(20)));
            await _sagas.Tell(id, "leave", saga => saga.Compensate("Left again."));
        }
    }
}
