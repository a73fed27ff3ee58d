using System.Runtime.ExceptionServices;

namespace Loire.Testing;

/// <summary>How a cluster ends.</summary>
public sealed partial class LoireTestCluster
{
    /// <summary>
    /// Takes the failure of a cluster that does not end as it should, and says whether it makes the test fail of it; where it
    /// says no, and by default, <see cref="DisposeAsync"/> throws it. For whoever connects a test framework: what is thrown at
    /// the end of an <c>await using</c> takes the place of what the test itself has failed with, so it is better reported
    /// beside it. To be set once, before any cluster is started.
    /// </summary>
    public static Func<Exception, bool>? EndFailed { get; set; }

    /// <summary>
    /// Stops all silos. What a fault holds goes on, and what one does is done first: neither is to hold them up, and no silo is
    /// to come when they have gone. Whatever fails, the rest is still ended.
    /// </summary>
    /// <exception cref="SpecificationException">That took longer than a minute.</exception>
    /// <exception cref="AggregateException">Several things failed.</exception>
    public async ValueTask DisposeAsync()
    {
        if (await End() is { } failure && EndFailed?.Invoke(failure) != true)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <returns>What went wrong.</returns>
    private async Task<Exception?> End()
    {
        List<Exception> failures = [];
        await Try(() => Within(LimitOfLife, _options.Faults?.Settle() ?? Task.CompletedTask, "What is done because of a fault did not end."));
        await Try(StopAll);
        await Try(() => _store.Close().AsTask());
        return failures switch
        {
            [] => null,
            [var only] => only,
            _ => new AggregateException("The cluster did not end as it should.", failures),
        };

        async Task Try(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }
    }

    private async Task StopAll()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
            _gateway = null;
        }

        await Within(LimitOfLife, Cluster.DisposeAsync().AsTask(), "The silos did not stop.");
    }

    private static async Task Within(TimeSpan limit, Task task, string otherwise)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new SpecificationException($"{otherwise} It was waited for {limit}.", e);
        }
    }
}
