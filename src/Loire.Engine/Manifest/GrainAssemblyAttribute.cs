using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Says which generated class knows the grains of an assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GrainAssemblyAttribute(Type registration) : Attribute
{
    internal IGrainAssembly Create() => (IGrainAssembly)Activator.CreateInstance(registration)!;
}

/// <summary>The grains of an assembly. Implemented by generated code.</summary>
public interface IGrainAssembly
{
    /// <summary>Adds the interfaces and classes.</summary>
    void Register(IGrainRegistry registry);
}

/// <summary>Collects grain interfaces and classes.</summary>
public interface IGrainRegistry
{
    /// <summary>Adds an interface and how its references are made.</summary>
    void AddInterface(Type interfaceType, Func<EngineRuntime, GrainId, GrainReference> makeReference);

    /// <summary>Adds a class.</summary>
    void AddClass(Type grainClass);
}
