using Commerce;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Values;
using Loire.EventLog.ContractTests.PostgreSql;
using Loire.Sagas;
using Loire.Tests;

namespace Loire.Testing.Tests.Clusters;

public sealed class ClusterTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public Task Commands_views_and_sagas_work_on_every_store(string store) => CommandsViewsAndSagasWork(StoreNamed(store));

    [Fact]
    public async Task They_work_on_PostgreSQL_too()
    {
        await using var server = await PostgreSqlServer.Start();

        await CommandsViewsAndSagasWork(TestStore.PostgreSql(server.ConnectionString()));
    }

    private static async Task CommandsViewsAndSagasWork(TestStore store)
    {
        await using var cluster = await Start(new LoireTestClusterOptions { Store = store, Silos = 2 });
        await cluster.Accepted("inventory", "lamp", new InventoryCommand.ReceiveStock(Quantity.Of(10)));
        await Place(cluster, "o-1", "card");

        (await cluster.SagaEnded("order-fulfillment", "o-1")).Status.ShouldBe(SagaStatus.Completed);
        await cluster.Idle();
        (await cluster.View<StockView>("inventory", "lamp")).ShouldBe(new StockView("lamp", 9, 1));
        (await cluster.StateOf("order", "o-1")).GetProperty("status").GetString().ShouldBe("confirmed");
        (await cluster.EventsOf("payment", "o-1")).ShouldHaveSingleItem().ShouldBeOfType<PaymentEvent.Charged>();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_was_acknowledged_is_there_after_a_restart(string store)
    {
        await using var cluster = await Start(new LoireTestClusterOptions { Store = StoreNamed(store) });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));

        await cluster.Restart();

        await cluster.Accepted("account", "a-1", new AccountCommand.Withdraw(Money.Of(5)));
        (await cluster.View<AccountView>("accounts", "a-1")).ShouldBe(new AccountView("a-1", "ada", 0, IsActive: true));
    }

    [Fact]
    public async Task Idle_means_that_every_saga_has_ended_and_every_view_has_seen_it()
    {
        await using var cluster = await Start(new LoireTestClusterOptions { Silos = 2 });
        await cluster.Given("inventory", "lamp", new InventoryEvent.StockReceived(Quantity.Of(30)));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Place(cluster, $"o-{i}", i % 2 == 0 ? "card" : PaymentDecider.DeclinedMethod)));

        await cluster.Idle();

        var head = cluster.Log.Head;
        (await cluster.View<StockView>("inventory", "lamp")).ShouldBe(new StockView("lamp", 20, 10));
        cluster.Log.Head.ShouldBe(head);
    }

    [Fact]
    public async Task A_silo_that_is_killed_does_not_keep_a_careful_client_from_its_answer()
    {
        await using var cluster = await Start(new LoireTestClusterOptions { Silos = 3 });
        await cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Open("ada", Money.Of(100)), "open");
        for (var i = 0; i < 3; i++)
        {
            await cluster.Kill(cluster.Cluster.Silos[0]);
            await cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Withdraw(Money.Of(1)), $"withdraw-{i}");
            await cluster.Cluster.StartAdditionalSiloAsync();
        }

        (await cluster.View<AccountView>("accounts", "a-1"))!.Balance.ShouldBe(97);
        (await cluster.EventsOf("account", "a-1")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_command_that_is_not_accepted_fails_with_the_answer()
    {
        await using var cluster = await Start();

        var failure = await Should.ThrowAsync<SpecificationException>(cluster.Accepted("account", "a-1", new AccountCommand.Close()));

        failure.Message.ShouldBe(
            """
            The command is not accepted.
            when
              account/a-1: close {}
            got
              Rejected { Code = not-open, Detail = The account has not been opened. }
            """);
    }

    [Fact]
    public async Task A_wait_that_is_in_vain_says_where_things_stand()
    {
        await using var cluster = await Start(new LoireTestClusterOptions { Limit = TimeSpan.FromSeconds(2) });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));

        (await Should.ThrowAsync<SpecificationException>(cluster.Until("accounts", "a-1", a => a.GetProperty("balance").GetDecimal() == 6)))
            .Message.ShouldBe("""accounts/a-1 did not become what was waited for. It is {"id":"a-1","ownerId":"ada","balance":5.00,"isActive":true}. It was waited for 00:00:02.""");
        (await Should.ThrowAsync<SpecificationException>(cluster.Reached("accounts@1", 99)))
            .Message.ShouldBe("The subscription accounts@1 did not reach position 99. It was waited for 00:00:02.");
        (await Should.ThrowAsync<SpecificationException>(cluster.View("accountz", "a-1"))).Message.ShouldBe("No view 'accountz' is registered.");
        (await Should.ThrowAsync<SpecificationException>(cluster.StateOf("acount", "a-1"))).Message.ShouldBe("No aggregate 'acount' is registered.");
    }

    [Fact]
    public async Task Something_can_stand_in_front_of_the_log()
    {
        var appends = 0;
        await using var cluster = await Start(new LoireTestClusterOptions
        {
            Log = log => new InterceptedLog(log)
            {
                OnAppend = (_, append) =>
                {
                    Interlocked.Increment(ref appends);
                    return append();
                },
            },
        });

        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));

        appends.ShouldBe(1);
        cluster.StoredLog.Head.ShouldBe(1);
    }

    private static Task<LoireTestCluster> Start(LoireTestClusterOptions? options = null) =>
        LoireTestCluster.Start(loire => loire.AddCommerce(), options);

    private static TestStore StoreNamed(string name) => name == "memory" ? TestStore.InMemory() : TestStore.Sqlite();

    private static Task<Loire.Commands.CommandReceipt> Place(LoireTestCluster cluster, string id, string method) => cluster.Accepted(
        "order", id, new OrderCommand.Place("ada", [new OrderItem("lamp", Quantity.Of(1), Money.Of(10))], method));
}
