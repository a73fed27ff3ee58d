using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Values that go with a call to the callee and on, and never back.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Values = new();
    private static readonly AsyncLocal<Guid> CallChain = new();

    /// <summary>The names.</summary>
    public static IEnumerable<string> Keys => Values.Value?.Keys ?? [];

    /// <summary>The names and values.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries =>
        Values.Value ?? ImmutableDictionary<string, object>.Empty;

    /// <summary>Names the chain of calls that may come back to a grain which waits for it; empty when none may.</summary>
    public static Guid ReentrancyId
    {
        get => CallChain.Value;
        set => CallChain.Value = value;
    }

    internal static ImmutableDictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    /// <summary>A value, or null.</summary>
    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    /// <summary>Sets a value for the calls that follow.</summary>
    public static void Set(string key, object value) =>
        Values.Value = (Values.Value ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);

    /// <summary>Takes a value out; whether there was one.</summary>
    public static bool Remove(string key)
    {
        var values = Values.Value;
        if (values is null || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = values.Remove(key);
        Values.Value = rest.IsEmpty ? null : rest;
        return true;
    }

    /// <summary>Takes all values out.</summary>
    public static void Clear()
    {
        if (Values.Value is not null)
        {
            Values.Value = null;
        }
    }

    /// <summary>Lets calls made from here on come back to this grain while it waits for them.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        var entered = original == Guid.Empty ? Guid.NewGuid() : original;
        (Loire.Engine.RuntimeContext.Current as Loire.Engine.Activation)?.Scheduler.EnterCallChain(entered);
        return new ReentrancySection(original, entered);
    }

    /// <summary>Ends what <see cref="AllowCallChainReentrancy"/> began, for the calls made from here on.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    /// <summary>Restores the call chain when it is disposed.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _entered;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _original = originalReentrancyId;
            _entered = newReentrancyId;
            ReentrancyId = newReentrancyId;
        }

        /// <inheritdoc />
        public void Dispose()
        {
            if (_entered != Guid.Empty)
            {
                (Loire.Engine.RuntimeContext.Current as Loire.Engine.Activation)?.Scheduler.LeaveCallChain(_entered);
            }

            ReentrancyId = _original;
        }
    }
}
