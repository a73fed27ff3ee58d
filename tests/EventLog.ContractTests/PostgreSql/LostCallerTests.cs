using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Whoever asks the store may be gone before the answer: a grain of a silo that was killed, say.</summary>
public sealed class LostCallerTests
{
    private static readonly ViewSchema View = new("notes", 1, [new ViewField("text", ViewFieldKind.Text, Indexed: true)]);

    [Fact]
    public async Task What_callers_leave_behind_does_not_keep_connections_or_locks()
    {
        await using var store = await PostgreSqlUnderTest.Create(options => options with
        {
            MaxConnections = 5, ConnectTimeout = TimeSpan.FromSeconds(2), AppendTimeout = TimeSpan.FromSeconds(5),
        });

        for (var n = 0; n < 10; n++)
        {
            await Abandon(() => store.Views.Checkpoint("notes@1", 0));
            await Abandon(() => store.Views.Define(View with { Version = n }));
            await Abandon(() => store.Views.Commit(new CheckpointMove("other", n, 0, 1), []));
        }

        await store.Views.Define(View, TestContext.Current.CancellationToken);
        (await store.Views.Commit(new CheckpointMove("notes@1", 0, 0, 1), [])).ShouldBeTrue();
        (await store.Views.Checkpoint("notes@1", 0, TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    /// <summary>Begins a call on a scheduler that carries out nothing any more once the call has been made.</summary>
    private static Task Abandon(Func<Task> call)
    {
        var scheduler = new DyingScheduler();
        return Task.Factory.StartNew(
            () =>
            {
                var begun = call();
                scheduler.Die();
                return begun.Id;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler);
    }

    private sealed class DyingScheduler : TaskScheduler
    {
        private volatile bool _dead;

        public void Die() => _dead = true;

        protected override void QueueTask(Task task)
        {
            if (!_dead)
            {
                ThreadPool.QueueUserWorkItem(_ => TryExecuteTask(task));
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
