using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Commands;
using Loire.Reactors;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Reactors;

public sealed class ReactorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Mailer.Script _script = new();

    [Fact]
    public async Task A_delivery_that_fails_comes_again_under_the_same_id()
    {
        _script.Does = (_, delivery) => delivery.Attempt < 3 ? throw new InvalidOperationException("no post today") : Task.CompletedTask;
        await using var cluster = await Start();

        await Deposit(cluster, "a-1", 5);
        await cluster.Idle();

        _script.Notes.Select(n => n.Attempt).ShouldBe([1, 2, 3]);
        _script.Notes.Select(n => n.DeliveryId).Distinct().Single().ShouldStartWith("mailer/");
    }

    [Fact]
    public async Task What_was_delivered_does_not_come_again_because_another_aggregate_failed()
    {
        var good = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Does = async (_, delivery) =>
        {
            if (delivery.Event.AggregateId == "good")
            {
                good.TrySetResult();
            }
            else
            {
                await good.Task.WaitAsync(delivery.Cancellation);
                if (delivery.Attempt == 1)
                {
                    throw new InvalidOperationException("no post today");
                }
            }
        };
        await using var cluster = await StartAfter(["bad", "good"], AllFromTheBeginning);
        await cluster.Idle();

        _script.Notes.Count(n => n.Account == "good").ShouldBe(2);
        _script.Notes.Count(n => n.Account == "bad").ShouldBe(4);
    }

    [Fact]
    public async Task A_command_takes_effect_once_however_often_its_event_is_delivered()
    {
        _script.Does = async (e, delivery) =>
        {
            (await delivery.Send("account", "total", new AccountCommand.Deposit(e.Amount))).ShouldBeOfType<CommandResult.Accepted>();
            (await delivery.Send("account", "total", new AccountCommand.Deposit(e.Amount))).ShouldBeOfType<CommandResult.Accepted>();
            if (delivery.Attempt < 3)
            {
                throw new InvalidOperationException("no post today");
            }
        };
        await using var cluster = await Start(only: "a-1");
        await Open(cluster, "total");

        await Deposit(cluster, "a-1", 5);
        await cluster.Idle();

        _script.Notes.Count(n => n.Account == "a-1").ShouldBe(3);
        (await cluster.StateOf("account", "total")).GetProperty("balance").GetDecimal().ShouldBe(10);
        var cause = (await cluster.Log.Load(new EventLog.StreamName("account", "total"), afterVersion: 1))[0].Metadata;
        cause.CausationId.ShouldBe((await cluster.Log.Load(new EventLog.StreamName("account", "a-1"), afterVersion: 1))[0].EventId.ToString());
        cause.CorrelationId.ShouldBe("test-a-1");
    }

    [Fact]
    public async Task A_rejection_is_an_answer_and_an_invalid_command_a_failure()
    {
        CommandResult? rejected = null;
        Exception? invalid = null;
        _script.Does = async (e, delivery) =>
        {
            rejected = await delivery.Send("account", "nobody", new AccountCommand.Deposit(e.Amount));
            invalid = await Record.ExceptionAsync(() => delivery.Send("account", "nobody", new AccountCommand.Open("", Money.Zero)));
        };
        await using var cluster = await Start();

        await Deposit(cluster, "a-1", 5);
        await cluster.Reached("mailer");

        rejected.ShouldBeOfType<CommandResult.Rejected>().Code.ShouldBe("not-open");
        invalid.ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("ownerId");
    }

    [Fact]
    public async Task Events_of_one_aggregate_come_in_order_and_those_of_others_beside_them()
    {
        var (running, most) = (0, 0);
        var four = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Does = async (_, delivery) =>
        {
            most = Math.Max(most, ++running);
            if (running == 4)
            {
                four.TrySetResult();
            }

            await four.Task.WaitAsync(delivery.Cancellation);
            running--;
        };

        // Nobody gets on before four run at once.
        await using var cluster = await StartAfter(Enumerable.Range(0, 10).Select(a => $"a-{a}"), o =>
        {
            AllFromTheBeginning(o);
            o.MaxConcurrency = 4;
        });
        await cluster.Reached("mailer");

        most.ShouldBe(4);
        _script.Notes.Count.ShouldBe(20);
        _script.Notes.GroupBy(n => n.Account).ShouldAllBe(notes => notes.Select(n => n.Amount).SequenceEqual(new[] { 1m, 2m }));
    }

    [Fact]
    public async Task A_delivery_that_takes_too_long_is_cancelled_and_comes_again()
    {
        var cancelled = 0;
        _script.Does = async (_, delivery) =>
        {
            if (delivery.Attempt == 1)
            {
                using var told = delivery.Cancellation.Register(() => cancelled++);
                await new TaskCompletionSource().Task.WaitAsync(Limit);
            }
        };
        await using var cluster = await Start(o => o.TimeLimit = TimeSpan.FromMilliseconds(50));

        await Deposit(cluster, "a-1", 5);
        await cluster.Idle();

        cancelled.ShouldBe(1);
        _script.Notes.Select(n => n.Attempt).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(StartFrom.End)]
    [InlineData(StartFrom.Beginning)]
    public async Task A_reactor_that_is_added_later_takes_in_what_was_before_only_if_it_is_told_to(StartFrom from)
    {
        var storage = new InMemoryStorage();
        await using (var before = await LoireTestCluster.Start(l => l.AddCommerce(), new() { Store = TestStore.InMemory(storage) }))
        {
            await Deposit(before, "a-1", 1);
        }

        await using var after = await Start(o => o.StartFrom = from, storage);
        await Deposit(after, "a-2", 2);
        await after.Reached("mailer");

        _script.Notes.Select(n => n.Amount).ShouldBe(from == StartFrom.End ? [2m] : [1m, 2m]);
    }

    [Fact]
    public async Task The_end_of_the_log_is_where_it_was_when_the_reactor_was_new()
    {
        var storage = new InMemoryStorage();
        await using (var cluster = await Start(storage: storage))
        {
            (await cluster.Views.Checkpoint("mailer", 0, TestContext.Current.CancellationToken)).ShouldBe(0);
        }

        // Nobody has handled anything yet, and the log was empty; what comes while no silo knows the reactor counts all the same.
        await using (var without = await LoireTestCluster.Start(l => l.AddCommerce(), new() { Store = TestStore.InMemory(storage) }))
        {
            await Deposit(without, "a-1", 1);
        }

        await using var again = await Start(storage: storage);
        await again.Reached("mailer");

        _script.Notes.Select(n => n.Amount).ShouldBe([1m]);
    }

    [Fact]
    public async Task A_reactor_is_refused_that_handles_an_event_twice_or_has_no_proper_name()
    {
        Should.Throw<InvalidOperationException>(() => new Twice()).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => new Named("Not/a name")).Message.ShouldContain("kebab-case");
        await Should.ThrowAsync<Exception>(() => Start(o => o.MaxConcurrency = 0));
    }

    private Task<LoireTestCluster> Start(Action<ReactorOptions>? configure = null, InMemoryStorage? storage = null, string? only = null)
    {
        var does = _script.Does;
        if (only is not null)
        {
            _script.Does = (e, delivery) => delivery.Event.AggregateId == only ? does(e, delivery) : Task.CompletedTask;
        }

        return LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                loire.Services.AddSingleton(_script);
                loire.AddReactor<Mailer>(configure);
            },
            new LoireTestClusterOptions { Store = TestStore.InMemory(storage), Logging = Microsoft.Extensions.Logging.LogLevel.None });
    }

    /// <summary>Deposits of 1 and of 2 are there before the reactor, so that they come to it together.</summary>
    private async Task<LoireTestCluster> StartAfter(IEnumerable<string> accounts, Action<ReactorOptions> configure)
    {
        var storage = new InMemoryStorage();
        await using (var before = await LoireTestCluster.Start(l => l.AddCommerce(), new() { Store = TestStore.InMemory(storage) }))
        {
            foreach (var account in accounts)
            {
                await before.Given(
                    "account",
                    account,
                    new AccountEvent.Opened("o-1", Money.Zero),
                    new AccountEvent.Deposited(Money.Of(1)),
                    new AccountEvent.Deposited(Money.Of(2)));
            }
        }

        return await Start(configure, storage);
    }

    private static void AllFromTheBeginning(ReactorOptions options) => options.StartFrom = StartFrom.Beginning;

    private static Task Open(LoireTestCluster cluster, string id) =>
        cluster.Accepted("account", id, new AccountCommand.Open("o-1", Money.Zero));

    private static async Task Deposit(LoireTestCluster cluster, string id, decimal amount)
    {
        await Open(cluster, id);
        await cluster.Accepted("account", id, new AccountCommand.Deposit(Money.Of(amount)));
    }

    private sealed class Twice : Reactor
    {
        public Twice()
            : base("twice")
        {
            On<AccountEvent.Deposited>((_, _) => Task.CompletedTask);
            On<AccountEvent.Deposited>((_, _) => Task.CompletedTask);
        }
    }

    private sealed class Named(string name) : Reactor(name);
}
