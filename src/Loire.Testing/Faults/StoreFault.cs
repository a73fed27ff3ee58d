using Loire.EventLog;

namespace Loire.Testing;

/// <summary>Something that goes wrong with an operation of a store. It happens once, to the next one, unless it is told otherwise.</summary>
public sealed class StoreFault
{
    private readonly TaskCompletionSource happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreOperationKind kind;
    private readonly string? target;
    private readonly bool after;
    private int skip;
    private int left = 1;
    private bool fails;
    private bool holds;
    private Func<Task>? action;

    internal StoreFault(StoreOperationKind kind, string? target, bool after)
    {
        this.kind = kind;
        this.target = target;
        this.after = after;
    }

    /// <summary>Completes when it happens for the first time.</summary>
    public Task Happened => happened.Task;

    internal bool IsSpent => left == 0;

    /// <summary>Lets so many operations pass before. To be called before the first.</summary>
    public StoreFault Skip(int operations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(operations);
        skip = operations;
        return this;
    }

    /// <summary>Happens so many times rather than once.</summary>
    public StoreFault Times(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        left = times;
        return this;
    }

    /// <summary>The store is not available. After an operation: its reply is lost.</summary>
    public StoreFault Fails()
    {
        fails = true;
        return this;
    }

    /// <summary>The operation stands still until <see cref="Release"/>.</summary>
    public StoreFault Holds()
    {
        holds = true;
        return this;
    }

    /// <summary>Something else is done first: a silo is killed, somebody else appends.</summary>
    public StoreFault Does(Func<Task> first)
    {
        action = first;
        return this;
    }

    /// <summary>Lets a held operation go on, and those that come later pass.</summary>
    public void Release() => released.TrySetResult();

    // Called under the lock of the faults.
    internal bool Takes(StoreOperation operation, bool isAfter)
    {
        if (operation.Kind != kind || isAfter != after || (target is not null && operation.Target != target) || left == 0)
        {
            return false;
        }

        if (skip > 0)
        {
            skip--;
            return false;
        }

        left--;
        return true;
    }

    internal async Task Happen(StoreOperation operation, CancellationToken cancellation)
    {
        happened.TrySetResult();
        if (action is not null)
        {
            await action();
        }

        if (holds)
        {
            await released.Task.WaitAsync(cancellation);
        }

        if (fails)
        {
            throw new StoreUnavailableException($"A test wants {operation.Kind} of '{operation.Target}' to fail {(after ? "after" : "before")} it took effect.")
            {
                OutcomeUnknown = after,
            };
        }
    }
}
