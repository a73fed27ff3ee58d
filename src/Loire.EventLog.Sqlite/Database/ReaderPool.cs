using System.Collections.Concurrent;
using System.Diagnostics;

namespace Loire.EventLog.Sqlite;

/// <summary>A few connections that read, each from its own snapshot, while the writer goes on.</summary>
internal sealed class ReaderPool(SqliteStoreOptions options, TimeProvider time) : IAsyncDisposable
{
    private const TaskCreationOptions Fairly = TaskCreationOptions.PreferFairness | TaskCreationOptions.DenyChildAttach;

    private readonly SemaphoreSlim _slots = new(options.Readers);
    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile TaskCompletionSource? _heldUp;
    private volatile bool _closed;

    /// <summary>Reads away from the caller's thread, because SQLite blocks.</summary>
    /// <exception cref="StoreUnavailableException">No connection came free in time, the read took too long, or it failed.</exception>
    public async Task<T> Read<T>(Func<Connection, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ThrowIfClosed();
        await LetOthersBeAlone(cancellation).ConfigureAwait(false);
        // A slot comes back when the read is done, whatever the caller does: its scheduler may be busy, or dead.
        if (!_slots.Wait(0, CancellationToken.None) && !await _slots.WaitAsync(options.ReadTimeout, cancellation).ConfigureAwait(false))
        {
            throw new StoreUnavailableException("Too many reads are waiting for the store.");
        }

        try
        {
            // Fairly: a thread of the pool takes up what it has queued itself before all else, so loops of reads would keep
            // others waiting, and be it for half a second, until the pool adds a thread.
            return await Task.Factory.StartNew(
                () => Run(read, cancellation), CancellationToken.None, Fairly, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>As <see cref="Read"/>, all of it in one snapshot.</summary>
    public Task<T> ReadSnapshot<T>(Func<Connection, T> read, CancellationToken cancellation) =>
        Read(
            connection =>
            {
                connection.Execute("BEGIN");
                var result = read(connection);
                connection.Execute("COMMIT");
                return result;
            },
            cancellation);

    /// <summary>Does something while nobody reads: those who do end first, those who come wait.</summary>
    /// <returns>Whether it was done: not if somebody read for longer than the limit.</returns>
    public bool RunAlone(Action action, TimeSpan limit)
    {
        var heldUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _heldUp = heldUp;
        var taken = 0;
        try
        {
            for (var started = Stopwatch.GetTimestamp(); taken < options.Readers; taken++)
            {
                var left = limit - Stopwatch.GetElapsedTime(started);
                if (!_slots.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                {
                    return false;
                }
            }

            action();
            return true;
        }
        finally
        {
            if (taken > 0)
            {
                _slots.Release(taken);
            }

            _heldUp = null;
            heldUp.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        var taken = 0;
        while (taken < options.Readers && await _slots.WaitAsync(options.ReadTimeout))
        {
            taken++;
        }

        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }

        // Whoever still waits goes on, and learns that the store is closed.
        if (taken > 0)
        {
            _slots.Release(taken);
        }
    }

    private async Task LetOthersBeAlone(CancellationToken cancellation)
    {
        if (_heldUp is { } heldUp)
        {
            try
            {
                await heldUp.Task.WaitAsync(options.ReadTimeout, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw new StoreUnavailableException("The store did not come to read in time.", e);
            }
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new StoreUnavailableException("The store is closed.");
        }
    }

    private T Run<T>(Func<Connection, T> read, CancellationToken cancellation)
    {
        ThrowIfClosed();
        Connection? connection = null;
        var healthy = false;
        try
        {
            connection = _idle.TryTake(out var pooled) ? pooled : Connection.OpenReader(options.File);
            var started = time.GetTimestamp();
            connection.InterruptWhen(
                () => cancellation.IsCancellationRequested || time.GetElapsedTime(started) > options.ReadTimeout);
            var result = read(connection);
            healthy = true;
            return result;
        }
        catch (SqliteError e) when (e.IsInterrupt && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The read was cancelled.", e, cancellation);
        }
        catch (SqliteError e) when (e.StoreFailed)
        {
            throw new StoreUnavailableException($"The store could not be read. {e.Message}", e);
        }
        finally
        {
            GiveBack(connection, healthy);
        }
    }

    private void GiveBack(Connection? connection, bool healthy)
    {
        if (healthy)
        {
            _idle.Add(connection!);
        }
        else
        {
            connection?.Dispose();
        }
    }
}
