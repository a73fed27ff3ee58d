using System.Collections.Concurrent;
using Commerce.Orders;
using Loire.EventLog;

namespace Loire.Benchmarks.Sagas;

/// <summary>Follows the log, to say when a saga has completed without asking it.</summary>
internal sealed class SagaEnds : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = [];
    private readonly CancellationTokenSource _over = new();
    private readonly IEventLog _log;
    private readonly Task _following;

    private SagaEnds(IEventLog log)
    {
        _log = log;
        _following = Follow(log.Head);
    }

    /// <summary>Follows it from now on.</summary>
    public static SagaEnds Follow(IEventLog log) => new(log);

    public Task Of(string id) => End(id).Task;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _following;
        _over.Dispose();
    }

    private async Task Follow(long position)
    {
        var completed = new LogFilter { Types = [$"{OrderFulfillment.Name}.completed"] };
        while (!_over.IsCancellationRequested)
        {
            var page = await _log.ReadAll(position, completed, 1000, CancellationToken.None);
            position = page.Through;
            foreach (var e in page.Events)
            {
                End(e.Stream.Id).TrySetResult();
            }

            if (page.Events.Count == 0)
            {
                await _log.WaitBeyond(position, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TaskCompletionSource End(string id) =>
        _ends.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
