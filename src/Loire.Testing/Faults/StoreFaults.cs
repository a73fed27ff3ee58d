namespace Loire.Testing;

/// <summary>
/// Faults of a store on demand: a test names an operation and what goes wrong with it. Everything that outlives a silo goes
/// through its store, so these are also the places where a silo can die: before an append, after a commit and before its
/// answer, before and after a checkpoint, between two steps of a saga (an append to the saga's stream), in the relay
/// (<see cref="StoreOperationKind.ReadAll"/>).
/// </summary>
public sealed class StoreFaults : IStoreSchedule
{
    private readonly Lock _gate = new();
    private readonly List<StoreFault> _armed = [];
    private readonly List<StoreFault> _met = [];

    /// <summary>Something goes wrong before an operation takes effect: when it fails, nothing has happened.</summary>
    /// <param name="kind">The operation.</param>
    /// <param name="target">Of what, as in <see cref="StoreOperation.Target"/>: <c>order/1001</c>, <c>orders@1</c>; of anything if not given.</param>
    public StoreFault Before(StoreOperationKind kind, string? target = null) => Arm(new StoreFault(kind, target, after: false));

    /// <summary>
    /// Something goes wrong when an operation has taken effect and its caller does not know yet: when it fails, the reply is
    /// lost.
    /// </summary>
    /// <inheritdoc cref="Before(StoreOperationKind, string?)"/>
    public StoreFault After(StoreOperationKind kind, string? target = null) => Arm(new StoreFault(kind, target, after: true));

    /// <summary>From now on everything works, and what is held goes on.</summary>
    public void Clear()
    {
        List<StoreFault> all;
        lock (_gate)
        {
            all = [.. _armed, .. _met];
            _armed.Clear();
        }

        all.ForEach(fault => fault.Release());
    }

    ValueTask IStoreSchedule.Before(StoreOperation operation, CancellationToken cancellation) => Meet(operation, after: false, cancellation);

    ValueTask IStoreSchedule.After(StoreOperation operation, CancellationToken cancellation) => Meet(operation, after: true, cancellation);

    /// <summary>Lets what is held go on, and waits until what was begun because of faults is done. Those that nobody has met stay.</summary>
    internal async Task Settle()
    {
        List<StoreFault> met;
        lock (_gate)
        {
            met = [.. _met];
        }

        met.ForEach(fault => fault.Release());
        await Task.WhenAll(met.Select(fault => fault.Done)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal async ValueTask Meet(StoreOperation operation, bool after, CancellationToken cancellation)
    {
        if (Take(operation, after) is { } fault)
        {
            await fault.Happen(operation, cancellation);
        }
    }

    /// <summary>The fault that this operation meets, if there is one; it is for the caller to let it happen.</summary>
    internal StoreFault? Take(StoreOperation operation, bool after)
    {
        lock (_gate)
        {
            var met = _armed.Find(fault => fault.Takes(operation, after));
            _armed.RemoveAll(fault => fault.IsSpent);
            if (met is not null && !_met.Contains(met))
            {
                _met.Add(met);
            }

            return met;
        }
    }

    private StoreFault Arm(StoreFault fault)
    {
        lock (_gate)
        {
            _armed.Add(fault);
        }

        return fault;
    }
}
