using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The grain interfaces and classes of this host.</summary>
internal sealed class GrainManifest : IGrainRegistry
{
    private readonly Dictionary<Type, Func<EngineRuntime, GrainId, GrainReference>> _interfaces = [];
    private readonly Dictionary<GrainType, GrainClass> _classes = [];
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainType> _implementations = new();
    private readonly GrainClassOptions _options;

    public GrainManifest(GrainClassOptions options)
    {
        _options = options;
        // Answered where it is asked, so it has no class. What it returns is the caller's own copy.
        _interfaces[typeof(IManagementGrain)] = static (runtime, id) => new ManagementGrain(runtime, id);
        _implementations[(typeof(IManagementGrain), null)] = ManagementGrain.Type;
        foreach (var assembly in GrainAssemblies.Find())
        {
            assembly.Register(this);
        }
    }

    public IEnumerable<GrainClass> Classes => _classes.Values;

    public void AddInterface(Type interfaceType, Func<EngineRuntime, GrainId, GrainReference> makeReference)
    {
        ImmutableMessages.Check(interfaceType);
        _interfaces[interfaceType] = makeReference;
    }

    public void AddClass(Type grainClass)
    {
        var added = new GrainClass(grainClass, _options);
        if (!_classes.TryAdd(added.GrainType, added))
        {
            throw new OrleansConfigurationException(
                $"{grainClass} and {_classes[added.GrainType].Type} have the same grain type \"{added.GrainType}\"");
        }
    }

    public GrainClass Class(GrainType type) => _classes.GetValueOrDefault(type)
        ?? throw new OrleansException($"There is no grain class of type \"{type}\"");

    public GrainReference Reference(Type interfaceType, EngineRuntime runtime, GrainId id) =>
        _interfaces.TryGetValue(interfaceType, out var make)
            ? make(runtime, id)
            : throw new ArgumentException(
                $"{interfaceType} is not a grain interface that this host knows: it derives from IAddressable in a project with the code generator",
                nameof(interfaceType));

    /// <summary>A reference by any of the interfaces of a class.</summary>
    public GrainReference AnyReference(GrainClass grainClass, EngineRuntime runtime, GrainId id)
    {
        var interfaceType = Array.Find(grainClass.Type.GetInterfaces(), _interfaces.ContainsKey);
        return interfaceType is null ? new BareReference(runtime, id) : Reference(interfaceType, runtime, id);
    }

    /// <summary>The type of the one class that implements an interface, among those whose full name begins with the prefix.</summary>
    public GrainType Implementation(Type interfaceType, string? prefix) =>
        _implementations.GetOrAdd((interfaceType, prefix), static (key, manifest) => manifest.Find(key.Interface, key.Prefix), this);

    private GrainType Find(Type interfaceType, string? prefix)
    {
        var found = _classes.Values.Where(c => interfaceType.IsAssignableFrom(c.Type) && c.IsNamed(prefix)).ToList();
        if (found.Count > 1)
        {
            // Among several, IOrderGrain means OrderGrain.
            var byConvention = found.FindAll(c => string.Equals("I" + c.Type.Name, interfaceType.Name, StringComparison.Ordinal));
            found = byConvention.Count == 1 ? byConvention : found;
        }

        return found.Count == 1
            ? found[0].GrainType
            : throw new ArgumentException(
                $"{interfaceType} is implemented by {(found.Count == 0 ? "no grain class" : string.Join(", ", found.Select(c => c.Type)))}"
                + (prefix is null ? "" : $" with the prefix \"{prefix}\""),
                nameof(interfaceType));
    }

    private sealed class BareReference(EngineRuntime runtime, GrainId id) : GrainReference(runtime, id);
}
