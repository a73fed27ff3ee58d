using System.Collections;
using Loire.EventLog.Views;

namespace Loire.Testing.Tests.InMemory;

/// <summary>A silo that is killed while its write waits for its turn takes nobody else's turn with it.</summary>
public sealed class KilledWriterTests
{
    private static readonly ViewSchema View = new("notes", Version: 1, []);

    [Fact]
    public async Task Writes_behind_that_of_a_killed_silo_go_on()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var store = InMemoryStore.Open();
        await store.Views.Define(View, cancellation);
        Task<bool> behind = null!;

        await store.Views.Commit(new CheckpointMove("first", 0, 0, 1), new Meanwhile(() =>
        {
            // The first write is under way, so both of these wait; the killed one never goes on by itself.
            _ = Task.Factory.StartNew(() => store.Views.Commit(new CheckpointMove("killed", 0, 0, 1), []), cancellation, TaskCreationOptions.None, new KilledSilo());
            behind = store.Views.Commit(new CheckpointMove("behind", 0, 0, 1), []);
            behind.IsCompleted.ShouldBeFalse();
        }));

        (await behind.WaitAsync(TimeSpan.FromSeconds(30), cancellation)).ShouldBeTrue();
        (await store.Views.Checkpoint("behind", 0, cancellation)).ShouldBe(1);
    }

    /// <summary>No changes; something happens while the store carries them out, which it does after it has checked them.</summary>
    private sealed class Meanwhile(Action happens) : IReadOnlyList<DocumentChange>
    {
        private int _looks;

        public int Count => 0;

        public DocumentChange this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<DocumentChange> GetEnumerator()
        {
            if (++_looks == 2)
            {
                happens();
            }

            yield break;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Runs one turn, and then none.</summary>
    private sealed class KilledSilo : TaskScheduler
    {
        private bool _killed;

        protected override void QueueTask(Task task)
        {
            if (!_killed)
            {
                _killed = true;
                TryExecuteTask(task);
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
