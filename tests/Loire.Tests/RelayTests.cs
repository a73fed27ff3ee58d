#if !ORLEANS
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Subscriptions;
using Loire.Testing;

namespace Loire.Tests;

/// <summary>
/// What happens to the relay when its silo dies. The clock stands still unless the test moves it, and Orleans takes part of its
/// time from the system.
/// </summary>
public sealed class RelayTests
{
    [Fact]
    public async Task A_relay_that_died_with_its_silo_is_back_within_a_second()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Silos = 2, Time = new ManualTime() });
        var relay = cluster.Grains.GetGrain<ILogRelayGrain>(0);
        await relay.Heartbeat();
        var address = await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(relay);
        await cluster.Kill(cluster.Cluster.Silos.Single(s => s.SiloAddress.Equals(address)));
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));

        cluster.Advance(TimeSpan.FromSeconds(1));

        (await cluster.View<AccountView>("accounts", "a-1")).ShouldBe(new AccountView("a-1", "ada", 5, IsActive: true));
    }
}
#endif
