using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Commands;
using Loire.Reactors;
using Loire.Subscriptions;
using Loire.Testing;

namespace Loire.Tests.Reactors;

public sealed class ReactorTests : MailerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_delivery_that_fails_comes_again_under_the_same_id()
    {
        Script.Does = (_, delivery) => delivery.Attempt < 3 ? throw new InvalidOperationException("no post today") : Task.CompletedTask;
        await using var cluster = await Start();

        await Deposit(cluster, "a-1", 5);
        await cluster.Idle();

        Script.Notes.Select(n => n.Attempt).ShouldBe([1, 2, 3]);
        Script.Notes.Select(n => n.DeliveryId).Distinct().Single().ShouldStartWith("mailer/");
    }

    [Fact]
    public async Task What_was_delivered_does_not_come_again_because_another_aggregate_failed()
    {
        var good = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Script.Does = async (_, delivery) =>
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

        Script.Notes.Count(n => n.Account == "good").ShouldBe(2);
        Script.Notes.Count(n => n.Account == "bad").ShouldBe(4);
    }

    [Fact]
    public async Task A_command_takes_effect_once_however_often_its_event_is_delivered()
    {
        Script.Does = async (e, delivery) =>
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

        Script.Notes.Count(n => n.Account == "a-1").ShouldBe(3);
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
        Script.Does = async (e, delivery) =>
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
        Script.Does = async (_, delivery) =>
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
        Script.Notes.Count.ShouldBe(20);
        Script.Notes.GroupBy(n => n.Account).ShouldAllBe(notes => notes.Select(n => n.Amount).SequenceEqual(new[] { 1m, 2m }));
    }

    [Fact]
    public async Task A_delivery_that_takes_too_long_is_cancelled_and_comes_again()
    {
        var cancelled = 0;
        Script.Does = async (_, delivery) =>
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
        Script.Notes.Select(n => n.Attempt).ShouldBe([1, 2]);
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
}
