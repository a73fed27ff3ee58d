using Loire.EventLog.Views;
using Loire.Inbox;
using Loire.Testing;

namespace Loire.Tests.Inbox;

public sealed class InboxWindowTests
{
    private readonly ManualTime _time = ManualTime.Running();

    [Fact]
    public async Task A_message_is_remembered_for_its_window_or_for_ever()
    {
        await using var cluster = await Start();
        var (till, archive) = (new Till(cluster, cluster.Services), new Till(cluster, cluster.Services, "archive"));
        await till.Take("m-1", 1);
        await archive.Take("m-1", 1);

        cluster.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        (await till.Take("m-1", 1)).ShouldBeOfType<InboxResult.Repeated>();
        cluster.Advance(TimeSpan.FromMinutes(6));
        (await till.Take("m-1", 1)).ShouldBeOfType<InboxResult.Handled>();
        cluster.Advance(TimeSpan.FromDays(1000));

        (await archive.Take("m-1", 1)).ShouldBeOfType<InboxResult.Repeated>();
    }

    [Fact]
    public async Task What_is_not_remembered_any_more_is_removed_and_nothing_else()
    {
        await using var cluster = await Start();
        var (till, archive) = (new Till(cluster, cluster.Services), new Till(cluster, cluster.Services, "archive"));
        for (var i = 0; i < 1_100; i++)
        {
            await till.Take($"m-{i}", 1);
        }

        await archive.Take("m-1", 1);
        cluster.Advance(TimeSpan.FromDays(5));
        await till.Take("late", 1);
        cluster.Advance(TimeSpan.FromDays(3));

        using var limit = new CancellationTokenSource(cluster.Limit);
        IReadOnlyList<string> left;
        while ((left = await Records(cluster)).Count > 2)
        {
            cluster.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20, limit.Token);
        }

        left.ShouldBe(["archive/m-1", "till/late"]);
    }

    private static async Task<IReadOnlyList<string>> Records(LoireTestCluster cluster)
    {
        var schema = new ViewSchema("inbox", 1, []);
        return [.. (await cluster.Views.Query(schema, new ViewQuery { Limit = 1000 })).Items.Select(d => d.Id)];
    }

    private Task<LoireTestCluster> Start() => LoireTestCluster.Start(
        loire => loire.AddIdempotentConsumer("till").AddIdempotentConsumer("archive", o => o.Window = null),
        new LoireTestClusterOptions { Time = _time });
}
