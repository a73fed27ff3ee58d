using System.Collections.Concurrent;
using Commerce.Orders;
using Loire.EventLog;

namespace Loire.Benchmarks.Sagas;

/// <summary>Follows the log, to say when a saga has completed without asking it.</summary>
internal sealed class SagaEnds(IEventLog log)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = [];

    public Task Of(string id) => End(id).Task;

    public async Task Follow(CancellationToken over)
    {
        var completed = new LogFilter { Types = [$"{OrderFulfillment.Name}.completed"] };
        var position = log.Head;
        while (!over.IsCancellationRequested)
        {
            var page = await log.ReadAll(position, completed, 1000, CancellationToken.None);
            position = page.Through;
            foreach (var e in page.Events)
            {
                End(e.Stream.Id).TrySetResult();
            }

            if (page.Events.Count == 0)
            {
                await log.WaitBeyond(position, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TaskCompletionSource End(string id) =>
        _ends.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
