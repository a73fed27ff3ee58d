using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Reactors;

public sealed class ReactorCrashTests
{
    private readonly StoreFaults _faults = new();
    private readonly Mailer.Script _script = new();

    [Theory]
    [InlineData(StoreOperationKind.Append, "account/total", false)]
    [InlineData(StoreOperationKind.Append, "account/total", true)]
    [InlineData(StoreOperationKind.CommitView, "mailer", false)]
    [InlineData(StoreOperationKind.CommitView, "mailer", true)]
    public async Task A_silo_that_dies_in_the_middle_of_a_delivery_doubles_and_loses_nothing(
        StoreOperationKind place, string target, bool after)
    {
        _script.Does = async (e, delivery) =>
        {
            if (delivery.Event.AggregateId != "total")
            {
                await delivery.Send("account", "total", new AccountCommand.Deposit(e.Amount));
            }
        };
        await using var cluster = await Start();
        await cluster.Accepted("account", "total", new AccountCommand.Open("o-1", Money.Zero));
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Zero));
        var silo = cluster.Cluster.Silos[0];
        var crash = (after ? _faults.After(place, target) : _faults.Before(place, target)).Kills(cluster, silo);

        await cluster.Given("account", "a-1", new AccountEvent.Deposited(Money.Of(1)), new AccountEvent.Deposited(Money.Of(2)));
        await crash.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        await cluster.Cluster.StartAdditionalSiloAsync();
        await cluster.Reached("mailer");

        (await cluster.EventsOf("account", "total")).OfType<AccountEvent.Deposited>().Select(d => d.Amount.Amount).ShouldBe([1m, 2m]);
        _script.Notes.GroupBy(n => n.DeliveryId).Count(g => g.First().Account == "a-1").ShouldBe(2);
    }

    private Task<LoireTestCluster> Start() => LoireTestCluster.Start(
        loire =>
        {
            loire.AddCommerce();
            loire.Services.AddSingleton(_script);
            loire.AddReactor<Mailer>();
        },
        new LoireTestClusterOptions
        {
            Silos = 2,
            Faults = _faults,

            // On Orleans a call to a silo that has died may take its 30 seconds to fail.
            Limit = TimeSpan.FromMinutes(2),
            Logging = Microsoft.Extensions.Logging.LogLevel.None,
        });
}
