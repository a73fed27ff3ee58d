using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace Loire.Engine;

/// <summary>What is known about a method of a grain interface. Generated code makes one for each.</summary>
public sealed class GrainMethod
{
    /// <summary>Looks the method up and reads its attributes.</summary>
    public GrainMethod(Type interfaceType, string name, Type[] parameters)
    {
        Interface = interfaceType;
        Info = interfaceType.GetMethod(name, parameters)
            ?? throw new MissingMethodException(interfaceType.FullName, name);
        AlwaysInterleave = Info.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = Info.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = Info.IsDefined(typeof(OneWayAttribute));
        TakesToken = Array.Exists(parameters, static parameter => parameter == typeof(CancellationToken));
        ResponseTimeout = Info.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
    }

    internal GrainMethod(MethodInfo info, bool alwaysInterleave)
    {
        Interface = info.DeclaringType!;
        Info = info;
        AlwaysInterleave = alwaysInterleave;
    }

    /// <summary>The interface that declares the method.</summary>
    public Type Interface { get; }

    /// <summary>The method.</summary>
    public MethodInfo Info { get; }

    /// <summary>The name of the method.</summary>
    public string Name => Info.Name;

    /// <summary>Whether calls run beside any other.</summary>
    public bool AlwaysInterleave { get; }

    /// <summary>Whether calls run beside other read-only ones.</summary>
    public bool ReadOnly { get; }

    /// <summary>Whether callers do not wait.</summary>
    public bool OneWay { get; }

    /// <summary>Whether callers can cancel.</summary>
    public bool TakesToken { get; }

    /// <summary>How long callers wait, when not as long as for other calls.</summary>
    public TimeSpan? ResponseTimeout { get; }

    /// <inheritdoc />
    public override string ToString() => $"{Interface.FullName}.{Name}";
}
