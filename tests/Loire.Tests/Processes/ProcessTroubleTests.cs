using Commerce.Accounts;
using Commerce.Orders;
using Commerce.Values;
using Loire.EventLog;
using Loire.Processes;
using Loire.Testing;

namespace Loire.Tests.Processes;

public sealed class ProcessTroubleTests
{
    [Fact]
    public async Task A_command_that_is_rejected_leads_where_the_process_says_and_never_takes_effect()
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(5)));
        await State(cluster, "refused");

        (await cluster.Names(Overdrafts.Name, "a-1")).ShouldBe(["Moved", "Moved", "CommandRejected", "CommandWithdrawn", "Moved"]);

        // A silo that was taken for dead sends it late, when there is money enough.
        await cluster.Given("account", "a-1", new AccountEvent.Deposited(Money.Of(100)));
        var late = await cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Withdraw(Money.Of(10)), key: $"{Overdrafts.Name}/a-1/1");
        late.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejection_whose_withdrawal_is_cut_off_is_not_taken_for_an_acceptance()
    {
        var faults = new StoreFaults();
        await using var cluster = await Start(faults);
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        var cut = faults.Before(StoreOperationKind.Append, $"{Overdrafts.Name}/a-1").Skip(2).Fails();
        var again = faults.Before(StoreOperationKind.Append, $"{Overdrafts.Name}/a-1").Skip(2).Fails();

        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(5)));

        await State(cluster, "refused");
        await cut.Happened;
        await again.Happened;
        (await cluster.Names(Overdrafts.Name, "a-1")).ShouldBe(["Moved", "Moved", "CommandRejected", "CommandWithdrawn", "Moved"]);
    }

    [Fact]
    public async Task What_is_to_be_parked_is_thrown_at_whoever_delivers_it_and_changes_nothing()
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        await State(cluster, "open");
        var closed = Made(cluster, "account.closed", version: 2, "{}");

        (await Should.ThrowAsync<UnexpectedEventException>(() => cluster.HandOver(Overdrafts.Name, "a-1", closed)))
            .Message.ShouldBe("account.closed came to overdrafts a-1, which is in open.");

        (await cluster.Names(Overdrafts.Name, "a-1")).ShouldBe(["Moved"]);
    }

    [Fact]
    public async Task What_is_to_fail_ends_the_process_and_what_comes_later_is_as_declared()
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(5)));
        await State(cluster, "refused");

        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(5)));

        var process = await cluster.Until(
            ProcessesView.Name, $"{Overdrafts.Name}:a-1", p => p.GetProperty("status").GetString() == "failed");
        process.GetProperty("reason").GetString().ShouldBe("account.deposited came to overdrafts a-1, which is in refused.");
        await Should.ThrowAsync<UnexpectedEventException>(
            () => cluster.HandOver(Overdrafts.Name, "a-1", Made(cluster, "account.closed", version: 9, "{}")));
        await cluster.HandOver(Overdrafts.Name, "a-1", await cluster.LogOf("account"));
    }

    [Theory]
    [InlineData(13, "13 is bad luck")]
    [InlineData(14, "overdrafts wants to send withdraw to nobody/a-1, which nobody takes")]
    public async Task A_handler_that_fails_leaves_nothing_behind(int amount, string why)
    {
        await using var cluster = await Start();
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        await State(cluster, "open");
        var deposited = Made(cluster, "account.deposited", version: 2, $$"""{"amount":{{amount}}}""");

        (await Should.ThrowAsync<InvalidOperationException>(() => cluster.HandOver(Overdrafts.Name, "a-1", deposited))).Message.ShouldStartWith(why);

        (await cluster.Names(Overdrafts.Name, "a-1")).ShouldBe(["Moved"]);
    }

    [Fact]
    public async Task A_silo_does_not_start_on_a_process_that_is_defined_wrongly()
    {
        var failure = await Should.ThrowAsync<Exception>(async () =>
        {
            await using var cluster = await LoireTestCluster.Start(
                loire => loire.AddAggregate<AccountGrain, AccountDecider>().AddProcess<WrongGrain, Wrong>(),
                new LoireTestClusterOptions { Logging = Microsoft.Extensions.Logging.LogLevel.None });
        });

        failure.ToString().ShouldContain(
            "Processes are defined wrongly. wrong: OrderEvent.Placed is no event of a registered aggregate. "
            + "wrong: The start leads to 'nowhere', which is no state. wrong: There is no final state.");
    }

    private static Task<LoireTestCluster> Start(StoreFaults? faults = null) => LoireTestCluster.Start(
        loire => loire.AddOverdrafts(),
        new LoireTestClusterOptions { Faults = faults, Logging = Microsoft.Extensions.Logging.LogLevel.None });

    private static Task State(LoireTestCluster cluster, string state) =>
        cluster.Until(ProcessesView.Name, $"{Overdrafts.Name}:a-1", p => p.GetProperty("state").GetString() == state);

    private static RecordedEvent Made(LoireTestCluster cluster, string type, long version, string data) => new(
        cluster.Log.Head + version, Guid.NewGuid(), new StreamName("account", "a-1"), version, type, 1, TimeProvider.System.GetUtcNow(),
        System.Text.Encoding.UTF8.GetBytes(data), EventMetadata.None);
}

internal sealed class Wrong : ProcessManager<Overdrafts.Fees>
{
    public Wrong()
        : base("wrong")
    {
        On<OrderEvent.Placed>((_, info) => info.AggregateId);
        StartsOn<OrderEvent.Placed>("nowhere", (_, _) => new Overdrafts.Fees(0));
    }
}

[GrainType("wrong")]
internal sealed class WrongGrain : ProcessGrain<Wrong>;
