using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Loire.Engine;

/// <summary>What the settings say about every grain class.</summary>
internal sealed record GrainClassOptions(GrainCollectionOptions Collection, Lazy<IReadOnlyList<IIncomingGrainCallFilter>> Filters);

/// <summary>What is known about a grain class.</summary>
internal sealed class GrainClass
{
    private readonly GrainConstructor _constructor;
    private readonly Func<object, IInvokable, bool>? _mayInterleave;
    private readonly Lazy<IncomingFilters?> _filters;

    public GrainClass(Type type, GrainClassOptions options)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultName(type);
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        IsStatelessWorker = type.IsDefined(typeof(StatelessWorkerAttribute));
        Placement = type.GetCustomAttribute<PlacementAttribute>();
        Workers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 1;
        CollectionAge = AgeOf(type, options.Collection);
        _filters = new(() => options.Filters.Value.Count > 0 || type.IsAssignableTo(typeof(IIncomingGrainCallFilter))
            ? new IncomingFilters(options.Filters.Value)
            : null);
        StreamNamespaces = type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>().Select(a => a.Namespace).ToList();
        _constructor = new GrainConstructor(type);
        _mayInterleave = type.GetCustomAttribute<MayInterleaveAttribute>() is { } may ? Predicate(type, may.CallbackMethodName) : null;
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool Reentrant { get; }

    /// <summary>Whether each silo has activations of its own.</summary>
    public bool IsStatelessWorker { get; }

    public PlacementAttribute? Placement { get; }

    /// <summary>How many activations share the calls of one grain.</summary>
    public int Workers { get; }

    public TimeSpan CollectionAge { get; }

    public IncomingFilters? Filters => _filters.Value;

    public IReadOnlyList<string> StreamNamespaces { get; }

    public bool HasInterleavingPredicate => _mayInterleave is not null;

    public bool IsNamed(string? prefix) => prefix is null || Type.FullName!.StartsWith(prefix, StringComparison.Ordinal);

    public object Create(Activation activation) => _constructor.Create(activation);

    public bool MayInterleave(object grain, IInvokable request) => _mayInterleave is not null && _mayInterleave(grain, request);

    private static GrainType DefaultName(Type type)
    {
        const string suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return GrainType.Create(
            name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);
    }

    private static TimeSpan AgeOf(Type type, GrainCollectionOptions options)
    {
        if (type.IsDefined(typeof(KeepAliveAttribute)))
        {
            return Timeout.InfiniteTimeSpan;
        }

        return type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit
            ?? (options.ClassSpecificCollectionAge.TryGetValue(type.FullName!, out var age) ? age : options.CollectionAge);
    }

    private static Func<object, IInvokable, bool> Predicate(Type type, string name)
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.FlattenHierarchy;
        var method = type.GetMethod(name, any, [typeof(IInvokable)])
            ?? throw new OrleansConfigurationException($"{type} has no method bool {name}(IInvokable)");
        if (!method.IsStatic)
        {
            return (grain, request) => (bool)method.Invoke(grain, [request])!;
        }

        var predicate = method.CreateDelegate<Func<IInvokable, bool>>();
        return (_, request) => predicate(request);
    }
}
