using Loire.EventLog;

namespace Loire.Testing;

/// <summary>
/// Carries out what one open store is asked for, under its schedule: no thread, no timer, nothing that runs by itself.
/// Writes take their turns in the order in which they were started.
/// </summary>
internal sealed class StoreTurns(InMemoryStorage storage, IStoreSchedule? schedule)
{
    private readonly Lock _gate = new();
    private Task _lastWrite = Task.CompletedTask;
    private volatile bool _closed;

    public void Close() => _closed = true;

    public async Task<T> Read<T>(StoreOperationKind kind, string target, Func<T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ThrowIfClosed();
        var operation = new StoreOperation(kind, target);
        if (schedule is not null)
        {
            await schedule.Before(operation, cancellation);
            ThrowIfClosed();
        }

        var result = storage.Exclusively(read);
        if (schedule is not null)
        {
            await schedule.After(operation, cancellation);
        }

        return result;
    }

    public async Task<T> Write<T>(StoreOperationKind kind, string target, Func<T> write, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ThrowIfClosed();
        var operation = new StoreOperation(kind, target);
        var done = new TaskCompletionSource();
        var before = Take(done.Task);
        T result;
        try
        {
            // Whoever waits may be killed meanwhile, and must not hold up those behind. A schedule wants everybody where he is.
            await before.ConfigureAwait(continueOnCapturedContext: schedule is not null);
            if (schedule is not null)
            {
                await schedule.Before(operation, cancellation);
            }

            ThrowIfClosed();
            result = storage.Exclusively(write);
        }
        finally
        {
            done.SetResult();
        }

        storage.Announce();
        if (schedule is not null)
        {
            await schedule.After(operation, cancellation);
        }

        return result;
    }

    private Task Take(Task turn)
    {
        lock (_gate)
        {
            (var before, _lastWrite) = (_lastWrite, turn);
            return before;
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new StoreUnavailableException("The store is closed.");
        }
    }
}
