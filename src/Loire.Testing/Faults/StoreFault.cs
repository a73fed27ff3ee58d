using Loire.EventLog;
using Orleans.TestingHost;

namespace Loire.Testing;

/// <summary>Something that goes wrong with an operation of a store. It happens once, to the next one, unless it is told otherwise.</summary>
public sealed class StoreFault
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly StoreOperationKind _kind;
    private readonly string? _target;
    private readonly bool _after;
    private int _skip;
    private int _left = 1;
    private bool _fails;
    private bool _holds;
    private Func<Task>? _action;
    private Task _doing = Task.CompletedTask;

    internal StoreFault(StoreOperationKind kind, string? target, bool after)
    {
        _kind = kind;
        _target = target;
        _after = after;
    }

    /// <summary>Completes when it happens for the first time.</summary>
    public Task Happened => _happened.Task;

    internal bool IsSpent => _left == 0;

    internal bool IsToFail => _fails;

    /// <summary>Completes when what has been begun because of it is done, or has failed: then whoever met it has been told.</summary>
    internal Task Done
    {
        get
        {
            lock (_gate)
            {
                return _doing;
            }
        }
    }

    /// <summary>Lets so many operations pass before. To be called before the first.</summary>
    public StoreFault Skip(int operations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(operations);
        _skip = operations;
        return this;
    }

    /// <summary>Happens so many times rather than once.</summary>
    public StoreFault Times(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _left = times;
        return this;
    }

    /// <summary>The store is not available. After an operation: its reply is lost.</summary>
    public StoreFault Fails()
    {
        _fails = true;
        return this;
    }

    /// <summary>The operation stands still until <see cref="Release"/>.</summary>
    public StoreFault Holds()
    {
        _holds = true;
        return this;
    }

    /// <summary>A silo dies here, as with the loss of its machine; whoever asked on another silo is told of a failure.</summary>
    /// <remarks>It does not wait until the other silos know: they find out by themselves.</remarks>
    public StoreFault Kills(LoireTestCluster cluster, InProcessSiloHandle silo) => Does(() => cluster.Cluster.KillSiloAsync(silo)).Fails();

    /// <summary>Something else is done first: somebody else appends.</summary>
    /// <remarks>
    /// Appends of all silos stand in one line. One that is to fail leaves it before this is done; one that goes on afterwards
    /// keeps its place, so this must not wait for another append through a silo. To take a silo away, use
    /// <see cref="Kills"/>.
    /// </remarks>
    public StoreFault Does(Func<Task> first)
    {
        _action = first;
        return this;
    }

    /// <summary>Lets a held operation go on, and those that come later pass.</summary>
    public void Release() => _released.TrySetResult();

    // Called under the lock of the faults.
    internal bool Takes(StoreOperation operation, bool isAfter)
    {
        if (operation.Kind != _kind || isAfter != _after || (_target is not null && operation.Target != _target) || _left == 0)
        {
            return false;
        }

        if (_skip > 0)
        {
            _skip--;
            return false;
        }

        _left--;
        return true;
    }

    internal async Task Happen(StoreOperation operation, CancellationToken cancellation)
    {
        _happened.TrySetResult();
        if (_action is not null)
        {
            await Do(_action).ConfigureAwait(false);
        }

        if (_holds)
        {
            await _released.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }

        if (_fails)
        {
            throw new StoreUnavailableException($"A test wants {operation.Kind} of '{operation.Target}' to fail {(_after ? "after" : "before")} it took effect.")
            {
                OutcomeUnknown = _after,
            };
        }
    }

    // Not in a turn of the grain that met it: no turn of it comes any more once its silo has died.
    private Task Do(Func<Task> action)
    {
        lock (_gate)
        {
            var doing = Task.Run(action);
            _doing = Task.WhenAll(_doing, doing);
            return doing;
        }
    }
}
