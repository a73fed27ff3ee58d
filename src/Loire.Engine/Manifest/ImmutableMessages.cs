using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Arguments and results are handed over by reference, so they have to be immutable. This finds those that are not.</summary>
internal static class ImmutableMessages
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    private static readonly HashSet<Type> Leaves =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(CancellationToken), typeof(GrainId), typeof(GrainType),
        typeof(IdSpan), typeof(StreamId), typeof(GuidId), typeof(Type), typeof(Int128), typeof(UInt128), typeof(Half),
        typeof(System.Numerics.BigInteger),
    ];

    // Read-only views and immutable collections: as immutable as what they hold.
    private static readonly HashSet<Type> Containers =
    [
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>),
        typeof(ImmutableStack<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyDictionary<,>),
        typeof(IReadOnlySet<>), typeof(IEnumerable<>), typeof(ReadOnlyMemory<>), typeof(KeyValuePair<,>),
        typeof(System.Collections.Frozen.FrozenDictionary<,>), typeof(System.Collections.Frozen.FrozenSet<>),
    ];

    /// <summary>Refuses an interface with a parameter or a result that somebody could change.</summary>
    /// <exception cref="OrleansConfigurationException">There is one.</exception>
    public static void Check(Type interfaceType)
    {
        foreach (var method in interfaceType.GetMethods().Concat(interfaceType.GetInterfaces().SelectMany(i => i.GetMethods())))
        {
            foreach (var parameter in method.GetParameters())
            {
                if (!parameter.IsDefined(typeof(ImmutableAttribute)))
                {
                    Require(parameter.ParameterType, interfaceType, method);
                }
            }

            if (method.ReturnType is { IsGenericType: true } result)
            {
                Require(result.GetGenericArguments()[0], interfaceType, method);
            }
        }
    }

    internal static bool IsImmutable(Type type)
    {
        if (Known.TryGetValue(type, out var known))
        {
            return known;
        }

        // A type that contains itself is as immutable as its other members.
        Known[type] = true;
        return Known[type] = Decide(type);
    }

    private static void Require(Type type, Type interfaceType, MethodInfo method)
    {
        if (!IsImmutable(type))
        {
            throw new OrleansConfigurationException(
                $"{interfaceType}.{method.Name} takes or returns {type}, which is not immutable: mark it [Immutable], or hand it over as Immutable<T>");
        }
    }

    private static bool Decide(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || Leaves.Contains(type)
            || type.IsDefined(typeof(ImmutableAttribute)) || type.IsAssignableTo(typeof(IAddressable)))
        {
            return true;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (Containers.Contains(definition) || IsTuple(type)))
        {
            return Array.TrueForAll(type.GetGenericArguments(), IsImmutable);
        }

        return type.IsValueType && IsReadOnlyStruct(type);
    }

    private static bool IsTuple(Type type) => type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple));

    private static bool IsReadOnlyStruct(Type type) =>
        Array.TrueForAll(
            type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            field => IsImmutable(field.FieldType));
}
