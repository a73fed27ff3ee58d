using System.Text;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;

namespace Loire.Tests;

public sealed class AggregateTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InterceptedLog _log = null!;
    private LoireHost _loire = null!;

    public async ValueTask InitializeAsync() =>
        _loire = await LoireHost.Start(log: inner => _log = new InterceptedLog(inner));

    public ValueTask DisposeAsync() => _loire.DisposeAsync();

    [Fact]
    public async Task Commands_that_arrive_together_are_all_applied_once_and_in_order()
    {
        await Open(0);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => _loire.Accepted("account", "a-1", Deposit(1))));

        receipts.Select(r => r.Version).Order().ShouldBe(Enumerable.Range(2, 256).Select(v => (long)v));
        (await Balance()).ShouldBe(256);
    }

    [Fact]
    public async Task A_repeated_command_gives_the_first_receipt_and_adds_nothing()
    {
        await Open(100);
        var first = await _loire.Accepted("account", "a-1", Withdraw(100), key: "k");

        var again = (await _loire.Send("account", "a-1", Withdraw(100), key: "k")).ShouldBeOfType<CommandResult.Accepted>();

        again.Replayed.ShouldBeTrue();
        Text(again.Receipt).ShouldBe(Text(first));
        _loire.Log.Head.ShouldBe(first.Position);
    }

    [Fact]
    public async Task A_key_that_stands_for_another_payload_is_refused()
    {
        await Open(100);
        await _loire.Accepted("account", "a-1", Withdraw(10), key: "k");

        (await _loire.Send("account", "a-1", Withdraw(20), key: "k")).ShouldBeOfType<CommandResult.KeyReused>();
        (await _loire.Send("account", "a-1", Withdraw(2000), key: "k")).ShouldBeOfType<CommandResult.KeyReused>();
        (await Balance()).ShouldBe(90);
    }

    [Fact]
    public async Task A_key_whose_command_is_still_running_is_in_flight()
    {
        await Open(100);
        HoldAppends();
        var first = _loire.Send("account", "a-1", Withdraw(10), key: "k");
        await _held.Task.WaitAsync(LoireHost.Limit);

        (await _loire.Send("account", "a-1", Withdraw(10), key: "k")).ShouldBeOfType<CommandResult.InFlight>();

        _gate.SetResult();
        (await first).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task A_command_that_changes_nothing_keeps_its_receipt_too()
    {
        await _loire.Accepted("user", "u-1", new Commerce.Users.UserCommand.Register("Ada", "ada@example.org"));

        var unchanged = await _loire.Accepted("user", "u-1", new Commerce.Users.UserCommand.Update("Ada"), key: "k");

        unchanged.Events.ShouldBeEmpty();
        unchanged.Version.ShouldBe(1);
        unchanged.Position.ShouldBe(_loire.Log.Head);
        (await _loire.Send("user", "u-1", new Commerce.Users.UserCommand.Update("Ada"), key: "k"))
            .ShouldBeOfType<CommandResult.Accepted>().Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_command_for_another_version_is_refused_with_the_current_one()
    {
        await Open(100);

        (await _loire.Send("account", "a-1", Deposit(1), expectedVersion: 7))
            .ShouldBeOfType<CommandResult.VersionMismatch>().CurrentVersion.ShouldBe(1);
        (await _loire.Send("account", "a-1", Deposit(1), expectedVersion: 1)).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task A_rejection_that_rests_on_an_append_that_then_fails_is_decided_again()
    {
        await Open(100);
        HoldAppends(thenFail: true);
        var first = _loire.Send("account", "a-1", Withdraw(100));
        await _held.Task.WaitAsync(LoireHost.Limit);
        var second = _loire.Send("account", "a-1", Withdraw(60));
        _gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await second).ShouldBeOfType<CommandResult.Accepted>();
        (await Balance()).ShouldBe(40);
    }

    [Fact]
    public async Task Commands_behind_an_append_that_fails_are_decided_again_on_what_is_there()
    {
        await Open(100);
        HoldAppends(thenFail: true);
        var first = _loire.Send("account", "a-1", Deposit(1000));
        await _held.Task.WaitAsync(LoireHost.Limit);
        var second = _loire.Send("account", "a-1", Withdraw(1050));
        var third = _loire.Send("account", "a-1", Withdraw(50));
        _gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await second).ShouldBeOfType<CommandResult.Rejected>().Code.ShouldBe("insufficient-funds");
        (await third).ShouldBeOfType<CommandResult.Accepted>();
        (await Balance()).ShouldBe(50);
    }

    [Fact]
    public async Task When_another_writer_gets_ahead_the_command_is_decided_again_on_its_events()
    {
        await Open(100);
        var ahead = 0;
        _log.OnAppend = async (request, append) =>
        {
            if (Interlocked.Increment(ref ahead) == 1)
            {
                await AppendBehindTheGrainsBack(request.ExpectedVersion, "account.withdrawn", """{"amount":80}""");
            }

            return await append();
        };

        (await _loire.Send("account", "a-1", Withdraw(50))).ShouldBeOfType<CommandResult.Rejected>().Code.ShouldBe("insufficient-funds");
        (await Balance()).ShouldBe(20);
    }

    [Fact]
    public async Task A_pipelined_append_does_not_land_on_as_many_events_of_another_writer()
    {
        await Open(100);
        var appends = 0;
        _log.OnAppend = async (request, append) =>
        {
            if (Interlocked.Increment(ref appends) != 1)
            {
                return await append();
            }

            _held.SetResult();
            await _gate.Task;
            return await append();
        };
        var first = _loire.Send("account", "a-1", Deposit(1000));
        await _held.Task.WaitAsync(LoireHost.Limit);
        await AppendBehindTheGrainsBack(1, "account.withdrawn", """{"amount":80}""");
        var second = _loire.Send("account", "a-1", Withdraw(500));
        _gate.SetResult();

        (await first).ShouldBeOfType<CommandResult.Accepted>();
        await second;
        var balance = await Balance();
        balance.ShouldBeGreaterThanOrEqualTo(0);
        new[] { 520m, 1020m }.ShouldContain(balance);
    }

    [Fact]
    public async Task Writers_that_keep_getting_ahead_end_in_an_answer()
    {
        await Open(100);
        _log.OnAppend = (_, _) => Task.FromResult<AppendResult>(new AppendResult.Conflict(1));

        (await _loire.Send("account", "a-1", Deposit(1))).ShouldBeOfType<CommandResult.StoreUnavailable>();
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_payload_is_named()
    {
        var grain = _loire.Grains.GetGrain<IAggregateGrain>(GrainId.Create("order", "o-1"));
        var payload = """{"customerId":null,"items":[{"productId":"p","quantity":0,"price":-1},{"quantity":1.5,"price":"x"}],"extra":1}""";

        var result = await grain.Execute(new CommandMessage("place", Encoding.UTF8.GetBytes(payload), Headers()));

        result.ShouldBeOfType<CommandResult.Invalid>().Errors.Select(e => e.Field).ShouldBe(
            [
                "customerId", "items[0].quantity", "items[0].price", "items[1].quantity", "items[1].price", "items[1].productId",
                "extra", "paymentMethod",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"amount\":1,\"amount\":2}")]
    [InlineData("{\"amount\":1e400}")]
    [InlineData("{\"amount\":0.001}")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public async Task A_payload_that_is_no_command_is_invalid(string payload)
    {
        await Open(100);
        var grain = _loire.Grains.GetGrain<IAggregateGrain>(GrainId.Create("account", "a-1"));

        (await grain.Execute(new CommandMessage("deposit", Encoding.UTF8.GetBytes(payload), Headers())))
            .ShouldBeOfType<CommandResult.Invalid>().Errors.ShouldNotBeEmpty();
        (await Balance()).ShouldBe(100);
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
            if (await _loire.Send("account", id, command, key) is CommandResult.Accepted first)
            {
                var head = _loire.Log.Head;
                var again = (await _loire.Send("account", id, command, key)).ShouldBeOfType<CommandResult.Accepted>();
                again.Replayed.ShouldBeTrue();
                Text(again.Receipt).ShouldBe(Text(first.Receipt));
                _loire.Log.Head.ShouldBe(head);
            }
        }

        _loire.Log.Head.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_rejection_rests_on_the_log_even_if_another_activation_has_written_meanwhile()
    {
        await Open(10);
        await AppendBehindTheGrainsBack(1, "account.deposited", """{"amount":90}""");

        (await _loire.Send("account", "a-1", Withdraw(100))).ShouldBeOfType<CommandResult.Accepted>().Receipt.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_rejection_is_given_while_the_aggregate_is_written_to()
    {
        await Open(0);

        var deposits = Enumerable.Range(0, 64).Select(_ => _loire.Accepted("account", "a-1", Deposit(1)));
        var withdrawals = Enumerable.Range(0, 64).Select(_ => _loire.Send("account", "a-1", Withdraw(1000)));
        await Task.WhenAll(deposits);

        (await Task.WhenAll(withdrawals)).ShouldAllBe(answer => answer is CommandResult.Rejected);
    }

    /// <summary>The next append waits for the gate, and the ones behind it do so in their order.</summary>
    private void HoldAppends(bool thenFail = false)
    {
        var first = 0;
        _log.OnAppend = async (_, append) =>
        {
            if (Interlocked.Increment(ref first) != 1)
            {
                await _gate.Task;
                return await append();
            }

            _held.SetResult();
            await _gate.Task;
            return thenFail ? throw new StoreUnavailableException("The disk is full.") : await append();
        };
    }

    private Task<AppendResult> AppendBehindTheGrainsBack(long expectedVersion, string type, string data) =>
        _loire.Append(new AppendRequest(
            new StreamName("account", "a-1"),
            expectedVersion,
            [new NewEvent(Guid.NewGuid(), type, 1, TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(data), EventMetadata.None)]));

    private Task<CommandReceipt> Open(decimal balance) =>
        _loire.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Of(balance)));

    private async Task<decimal> Balance() => (await _loire.StateOf("account", "a-1")).GetProperty("balance").GetDecimal();

    private static AccountCommand Deposit(decimal amount) => new AccountCommand.Deposit(Money.Of(amount));

    private static AccountCommand Withdraw(decimal amount) => new AccountCommand.Withdraw(Money.Of(amount));

    private static string Text(CommandReceipt receipt) => JsonSerializer.Serialize(receipt);

    private static CommandHeaders Headers() => new() { CommandId = Guid.NewGuid(), IssuedAt = TimeProvider.System.GetUtcNow() };
}
