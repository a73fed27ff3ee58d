using Loire.EventLog;
using Loire.Inbox;
using Loire.Testing;

namespace Loire.Tests.Inbox;

public sealed class InboxTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_counts_once_and_its_repetition_gets_the_first_answer(bool file)
    {
        await using var cluster = await Start(new() { Store = file ? TestStore.Sqlite() : TestStore.InMemory() });
        var till = new Till(cluster, cluster.Services);

        (await till.Take("m-1", 5)).ShouldBeOfType<InboxResult.Handled>().Answer.ShouldBe("sum 5");
        (await till.Take("m-2", 2)).ShouldBeOfType<InboxResult.Handled>().Answer.ShouldBe("sum 7");
        var repeated = (await till.Take("m-1", 5)).ShouldBeOfType<InboxResult.Repeated>();

        repeated.Answer.ShouldBe("sum 5");
        repeated.HandledAt.ShouldBeInRange(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow());
        (await till.Sum()).ShouldBe(7);
        till.Runs.ShouldBe(2);
        await cluster.Restart();
        (await new Till(cluster, cluster.Services).Take("m-1", 5)).ShouldBeOfType<InboxResult.Repeated>();
    }

    [Fact]
    public async Task Each_consumer_remembers_for_itself_and_any_text_is_an_id()
    {
        await using var cluster = await Start();
        var (till, other) = (new Till(cluster, cluster.Services), new Till(cluster, cluster.Services, "side-by-side"));
        string[] ids = ["m", "/m", "", "m/1", new string('x', 1_000), new string('x', 999) + "y", "ä \n'\"%"];

        foreach (var id in ids.Where(i => i.Length > 0))
        {
            (await till.Take(id, 1)).ShouldBeOfType<InboxResult.Handled>();
            (await till.Take(id, 1)).ShouldBeOfType<InboxResult.Repeated>();
            (await other.Take(id, 1)).ShouldBeOfType<InboxResult.Handled>();
        }

        (await till.Sum()).ShouldBe(6);
        await Should.ThrowAsync<ArgumentException>(() => till.Take("", 1));
        await Should.ThrowAsync<ArgumentException>(() => till.Take(new string('x', 1_001), 1));
        (await Should.ThrowAsync<ArgumentException>(() => new Till(cluster, cluster.Services, "nobody").Take("m", 1)))
            .Message.ShouldContain("side-by-side, till");
    }

    [Theory]
    [InlineData("till")]
    [InlineData("side-by-side")]
    public async Task Of_many_that_bring_a_message_at_once_one_handles_it_and_the_others_get_its_answer(string consumer)
    {
        await using var cluster = await Start();
        var till = new Till(cluster, cluster.Services, consumer);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => till.Take("m-1", 5)));

        results.Count(r => r is InboxResult.Handled).ShouldBe(1);
        results.ShouldAllBe(r => r.Answer == "sum 5");
        till.Runs.ShouldBe(1);
        (await till.Sum()).ShouldBe(5);
    }

    [Fact]
    public async Task When_two_silos_handle_a_message_at_the_same_time_what_one_of_them_wrote_counts()
    {
        await using var cluster = await Start(new() { Silos = 2 });
        Till[] tills = [.. cluster.Cluster.Silos.Select(s => new Till(cluster, s.ServiceProvider))];
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        foreach (var till in tills)
        {
            till.Meanwhile = _ =>
            {
                if (Interlocked.Increment(ref arrived) == 2)
                {
                    both.SetResult();
                }

                return both.Task.WaitAsync(cluster.Limit);
            };
        }

        var results = await Task.WhenAll(tills.Select(t => t.Take("m-1", 5)));

        results.Count(r => r is InboxResult.Handled).ShouldBe(1);
        results.ShouldAllBe(r => r.Answer == "sum 5");
        (await tills[0].Sum()).ShouldBe(5);
    }

    [Fact]
    public async Task Messages_on_several_silos_add_up_in_one_document()
    {
        await using var cluster = await Start(new() { Silos = 2 });
        Till[] tills = [.. cluster.Cluster.Silos.Select(s => new Till(cluster, s.ServiceProvider))];

        await Task.WhenAll(
            from till in tills
            from message in Enumerable.Range(0, 50)
            select Persistently(() => till.Take($"m-{message}", 1)));

        (await tills[0].Sum()).ShouldBe(50);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_fails_or_whose_reply_is_lost_does_not_make_a_message_count_twice(bool replyLost)
    {
        var faults = new StoreFaults();
        await using var cluster = await Start(new() { Faults = faults });
        var till = new Till(cluster, cluster.Services);
        _ = replyLost ? faults.After(StoreOperationKind.CommitView, "inbox/till").Fails() : faults.Before(StoreOperationKind.CommitView, "inbox/till").Fails();

        await Should.ThrowAsync<StoreUnavailableException>(() => till.Take("m-1", 5));
        (await till.Sum()).ShouldBe(replyLost ? 5 : 0);

        (await till.Take("m-1", 5)).GetType().ShouldBe(replyLost ? typeof(InboxResult.Repeated) : typeof(InboxResult.Handled));
        (await till.Sum()).ShouldBe(5);
    }

    [Fact]
    public async Task A_handler_that_fails_or_takes_too_long_leaves_nothing_behind()
    {
        await using var cluster = await Start();
        var till = new Till(cluster, cluster.Services) { Meanwhile = _ => throw new InvalidOperationException("no") };
        await Should.ThrowAsync<InvalidOperationException>(() => till.Take("m-1", 5));
        till.Meanwhile = cancellation => Task.Delay(Timeout.Infinite, cancellation);
        await Should.ThrowAsync<TimeoutException>(() => till.Take("m-1", 5));

        till.Meanwhile = _ => Task.CompletedTask;
        (await till.Take("m-1", 5)).ShouldBeOfType<InboxResult.Handled>();
        (await till.Sum()).ShouldBe(5);
    }

    [Fact]
    public async Task Too_many_at_once_are_refused()
    {
        await using var cluster = await Start();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var till = new Till(cluster, cluster.Services) { Meanwhile = _ => go.Task };
        var all = Enumerable.Range(0, 101).Select(i => till.Take($"m-{i}", 1)).ToList();

        await Should.ThrowAsync<StoreUnavailableException>(() => all[100]);
        go.SetResult();
        await Task.WhenAll(all.Take(100));

        (await till.Sum()).ShouldBe(100);
    }

    /// <summary>Other silos may keep getting ahead; a sender that is told so sends again.</summary>
    private static async Task Persistently(Func<Task> send)
    {
        while (true)
        {
            try
            {
                await send();
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static Task<LoireTestCluster> Start(LoireTestClusterOptions? options = null) => LoireTestCluster.Start(
        loire => loire
            .AddIdempotentConsumer("till", o => (o.TimeLimit, o.MaxWaiting) = (TimeSpan.FromSeconds(2), 100))
            .AddIdempotentConsumer("side-by-side", o => o.OneAtATime = false),
        options);
}
