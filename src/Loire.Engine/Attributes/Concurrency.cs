namespace Orleans.Concurrency;

/// <summary>Calls of this method run although other calls have not ended.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Calls of read-only methods run although other read-only calls have not ended.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The caller does not wait, and does not learn of failures.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>All calls of this class interleave.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>
/// A static or instance method of the class, from <see cref="Serialization.Invocation.IInvokable"/> to <see langword="bool"/>,
/// says which calls interleave.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MayInterleaveAttribute(string callbackMethodName) : Attribute
{
    internal string CallbackMethodName { get; } = callbackMethodName;
}

/// <summary>Several activations share the calls; their number is the number of processors unless given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : Placement.PlacementAttribute
{
    public StatelessWorkerAttribute()
        : this(Environment.ProcessorCount)
    {
    }

    internal int MaxLocalWorkers { get; } = maxLocalWorkers;
}

/// <summary>Says of a value that nobody will change it.</summary>
[GenerateSerializer, Immutable]
public readonly struct Immutable<T>(T value)
{
    /// <summary>The value.</summary>
    [Id(0)]
    public readonly T Value = value;
}

/// <summary>Marks values as immutable.</summary>
public static class ImmutableExtensions
{
    /// <summary>Says of a value that nobody will change it.</summary>
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}
