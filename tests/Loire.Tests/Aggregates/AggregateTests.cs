using System.Text.Json;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Commands;
using Loire.Testing;

namespace Loire.Tests.Aggregates;

/// <summary>Commands, their keys and the versions that they ask for.</summary>
public sealed class AggregateTests : AccountTests
{
    [Fact]
    public async Task Commands_that_arrive_together_are_all_applied_once_and_in_order()
    {
        await Open(0);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => Loire.Accepted("account", "a-1", Deposit(1))));

        receipts.Select(r => r.Version).Order().ShouldBe(Enumerable.Range(2, 256).Select(v => (long)v));
        (await Balance()).ShouldBe(256);
    }

    [Fact]
    public async Task A_repeated_command_gives_the_first_receipt_and_adds_nothing()
    {
        await Open(100);
        var first = await Loire.Accepted("account", "a-1", Withdraw(100), key: "k");

        var again = (await Loire.Send("account", "a-1", Withdraw(100), key: "k")).ShouldBeOfType<CommandResult.Accepted>();

        again.Replayed.ShouldBeTrue();
        Text(again.Receipt).ShouldBe(Text(first));
        Loire.Log.Head.ShouldBe(first.Position);
    }

    [Fact]
    public async Task A_repetition_that_could_not_be_accepted_now_costs_one_read()
    {
        var faults = new StoreFaults();
        await using var cluster = await LoireTestCluster.Start(loire => loire.AddCommerce(), new LoireTestClusterOptions { Faults = faults });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(100)));
        await cluster.Accepted("account", "a-1", Withdraw(100), key: "k");
        var (receipt, version) = (
            faults.Before(StoreOperationKind.FindReceipt, "account/a-1"), faults.Before(StoreOperationKind.ReadStream, "account/a-1"));

        (await cluster.Send("account", "a-1", Withdraw(100), key: "k")).ShouldBeOfType<CommandResult.Accepted>().Replayed.ShouldBeTrue();
        (receipt.Happened.IsCompleted, version.Happened.IsCompleted).ShouldBe((true, false));

        (await cluster.Send("account", "a-1", Withdraw(100), key: "other")).ShouldBeOfType<CommandResult.Rejected>();
        version.Happened.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_stands_for_another_payload_is_refused()
    {
        await Open(100);
        await Loire.Accepted("account", "a-1", Withdraw(10), key: "k");

        (await Loire.Send("account", "a-1", Withdraw(20), key: "k")).ShouldBeOfType<CommandResult.KeyReused>();
        (await Loire.Send("account", "a-1", Withdraw(2000), key: "k")).ShouldBeOfType<CommandResult.KeyReused>();
        (await Balance()).ShouldBe(90);
    }

    [Fact]
    public async Task A_key_whose_command_is_still_running_is_in_flight()
    {
        await Open(100);
        HoldAppends();
        var first = Loire.Send("account", "a-1", Withdraw(10), key: "k");
        await Held.Task.WaitAsync(LoireHost.Limit);

        (await Loire.Send("account", "a-1", Withdraw(10), key: "k")).ShouldBeOfType<CommandResult.InFlight>();

        Gate.SetResult();
        (await first).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task A_command_that_changes_nothing_keeps_its_receipt_too()
    {
        await Loire.Accepted("user", "u-1", new Commerce.Users.UserCommand.Register("Ada", "ada@example.org"));

        var unchanged = await Loire.Accepted("user", "u-1", new Commerce.Users.UserCommand.Update("Ada"), key: "k");

        unchanged.Events.ShouldBeEmpty();
        unchanged.Version.ShouldBe(1);
        unchanged.Position.ShouldBe(Loire.Log.Head);
        (await Loire.Send("user", "u-1", new Commerce.Users.UserCommand.Update("Ada"), key: "k"))
            .ShouldBeOfType<CommandResult.Accepted>().Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_command_for_another_version_is_refused_with_the_current_one()
    {
        await Open(100);

        (await Loire.Send("account", "a-1", Deposit(1), expectedVersion: 7))
            .ShouldBeOfType<CommandResult.VersionMismatch>().CurrentVersion.ShouldBe(1);
        (await Loire.Send("account", "a-1", Deposit(1), expectedVersion: 1)).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task For_any_sequence_of_commands_a_retried_command_adds_nothing(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            var (id, key) = ($"a-{random.Next(3)}", $"k-{i}");
            object command = random.Next(5) switch
            {
                0 => new AccountCommand.Open("o-1", Money.Of(random.Next(50))),
                1 => new AccountCommand.Close(),
                2 or 3 => Withdraw(random.Next(40)),
                _ => Deposit(random.Next(40)),
            };
            if (await Loire.Send("account", id, command, key) is CommandResult.Accepted first)
            {
                var head = Loire.Log.Head;
                var again = (await Loire.Send("account", id, command, key)).ShouldBeOfType<CommandResult.Accepted>();
                again.Replayed.ShouldBeTrue();
                Text(again.Receipt).ShouldBe(Text(first.Receipt));
                Loire.Log.Head.ShouldBe(head);
            }
        }

        Loire.Log.Head.ShouldBeGreaterThan(20);
    }

    private static string Text(CommandReceipt receipt) => JsonSerializer.Serialize(receipt);
}
