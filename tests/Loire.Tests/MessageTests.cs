using System.Collections.Immutable;
using System.Reflection;
using Commerce.Orders;
using Loire.Aggregates;
using Loire.Subscriptions;

namespace Loire.Tests;

/// <summary>What crosses a grain call must be immutable, and must be able to travel between silos.</summary>
public sealed class MessageTests
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(double), typeof(decimal), typeof(Guid),
        typeof(DateTimeOffset), typeof(TimeSpan), typeof(ReadOnlyMemory<byte>), typeof(CancellationToken), typeof(void),
    ];

    private static readonly HashSet<Type> Wrappers =
        [typeof(Nullable<>), typeof(ImmutableArray<>), typeof(Task<>), typeof(ValueTask<>)];

    // Knows nothing of grains; a converter takes it across.
    private static readonly Type[] Converted = [typeof(EventLog.RecordedEvent)];

    [Fact]
    public void Everything_in_a_grain_call_is_an_immutable_serializable_aliased_record()
    {
        var interfaces = Platform().Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable))).ToArray();
        interfaces.ShouldContain(typeof(IAggregateGrain));

        var problems = interfaces
            .SelectMany(i => i.GetMethods())
            .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType), (m, t) => (Method: m, Type: t))
            .Append((Method: typeof(IAggregateGrain).GetMethods()[0], Type: typeof(SubscriptionBatch)))
            .SelectMany(use => Problems(use.Type, []).Select(p => $"{use.Method.DeclaringType!.Name}.{use.Method.Name}: {p}"));

        problems.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_grain_interface_and_its_methods_have_an_alias()
    {
        var without = Platform()
            .Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable)))
            .SelectMany(i => i.GetMethods().Cast<MemberInfo>().Append(i))
            .Where(m => m.GetCustomAttribute<AliasAttribute>() is null)
            .Select(m => $"{m.DeclaringType?.Name}.{m.Name}");

        without.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(Mutable), "Mutable is not [Immutable]")]
    [InlineData(typeof(List<string>), "List`1 is not [Immutable]")]
    [InlineData(typeof(Task<Holder>), "Holder.Inner: Mutable is not [Immutable]")]
    public void A_type_that_can_change_is_found(Type type, string problem) => Problems(type, []).ShouldContain(problem);

    private static IEnumerable<Type> Platform() => typeof(IAggregateGrain).Assembly.GetTypes().Concat(typeof(OrderGrain).Assembly.GetTypes());

    private static IEnumerable<string> Problems(Type type, HashSet<Type> seen)
    {
        if (Plain.Contains(type) || type.IsEnum || type == typeof(Task) || Converted.Contains(type) || !seen.Add(type))
        {
            return [];
        }

        if (type.IsGenericType && Wrappers.Contains(type.GetGenericTypeDefinition()))
        {
            return type.GetGenericArguments().SelectMany(a => Problems(a, seen));
        }

        if (!type.IsDefined(typeof(ImmutableAttribute)))
        {
            return [$"{type.Name} is not [Immutable]"];
        }

        return Marks(type)
            .Concat(type.GetNestedTypes().Where(n => n.IsAssignableTo(type)).SelectMany(n => Problems(n, seen)))
            .Concat(Members(type).SelectMany(m => Problems(m.PropertyType, seen).Select(p => $"{type.Name}.{m.Name}: {p}")));
    }

    private static IEnumerable<string> Marks(Type type)
    {
        if (!type.IsDefined(typeof(GenerateSerializerAttribute)))
        {
            yield return $"{type.Name} is not [GenerateSerializer]";
        }

        if (!type.IsDefined(typeof(AliasAttribute)))
        {
            yield return $"{type.Name} has no [Alias]";
        }

        foreach (var member in Members(type))
        {
            if (!member.IsDefined(typeof(IdAttribute)))
            {
                yield return $"{type.Name}.{member.Name} has no [Id]";
            }

            if (member.SetMethod is { } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            {
                yield return $"{type.Name}.{member.Name} can be set";
            }
        }
    }

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.CanWrite || p.SetMethod is not null);

    public sealed class Mutable;

    [GenerateSerializer, Immutable, Alias("loire.tests.holder")]
    public sealed record Holder([property: Id(0)] Mutable Inner);
}
