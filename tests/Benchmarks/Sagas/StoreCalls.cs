using System.Collections.Concurrent;
using System.Reflection;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Benchmarks.Sagas;

/// <summary>Counts what a store is asked for.</summary>
internal sealed class StoreCalls
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, long>> All => _counts;

    /// <summary>A service whose calls are counted.</summary>
    public T Of<T>(T inner)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Attach(inner, this);
        return proxy;
    }

    public void Clear() => _counts.Clear();

    private void Count(string what, long by = 1) => _counts.AddOrUpdate(what, by, (_, before) => before + by);

    private void Count(string method, object?[]? args)
    {
        switch (args)
        {
            case [AppendRequest append]:
                Count($"append, {append.Stream.Aggregate}");
                Count("append, all");
                Count("events", append.Events.Count);
                break;
            case [CheckpointMove move, IReadOnlyList<DocumentChange> changes]:
                Count("view commits");
                Count("documents, all", changes.Count);
                Count($"documents, {move.Subscription}", changes.Count);
                Count("bytes of documents", changes.OfType<DocumentChange.Put>().Sum(p => p.Json.Length));
                break;
            default:
                Count($"call of {method}");
                break;
        }
    }

    /// <summary>Stands in for a service.</summary>
    internal class Proxy : DispatchProxy
    {
        private object? _inner;
        private StoreCalls? _calls;

        public void Attach(object inner, StoreCalls calls) => (_inner, _calls) = (inner, calls);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _calls!.Count(targetMethod!.Name, args);
            return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        }
    }
}
