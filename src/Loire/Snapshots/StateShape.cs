using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Loire.Snapshots;

/// <summary>
/// Describes the type of a state down to its last field, and gives it a name that changes whenever the type does.
/// </summary>
internal sealed class StateShape
{
    // Raised when the form of snapshots changes.
    private const int Format = 1;

    private static readonly ImmutableHashSet<Type> Collections =
    [
        typeof(List<>), typeof(HashSet<>), typeof(Dictionary<,>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableSortedDictionary<,>),
    ];

    private static readonly ImmutableHashSet<Type> Values =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly),
        typeof(TimeOnly), typeof(Uri), typeof(Version), typeof(JsonElement), typeof(Int128), typeof(UInt128), typeof(Half),
    ];

    private readonly StringBuilder _text = new();
    private readonly HashSet<Type> _seen = [];

    private StateShape()
    {
    }

    /// <summary>The name of a state's shape.</summary>
    /// <param name="state">The type of the state.</param>
    /// <param name="rules">Names the rules by which it is folded.</param>
    /// <exception cref="NotSupportedException">Snapshots could not carry all of such a state.</exception>
    public static string Of(Type state, string rules)
    {
        var shape = new StateShape();
        shape.Line($"{Format} {rules}");
        shape.Describe(state);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape._text.ToString())).AsSpan(0, 16));
    }

    private void Describe(Type type)
    {
        if (!_seen.Add(type))
        {
            return;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            Line($"{type}?");
            Describe(underlying);
            return;
        }

        var info = StateJson.Options.GetTypeInfo(type);
        Line($"{type} {info.Kind}");
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                DescribeObject(info);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                DescribeCollection(info);
                break;
            default:
                DescribeValue(info);
                break;
        }
    }

    private void DescribeObject(JsonTypeInfo info)
    {
        var derived = info.PolymorphismOptions?.DerivedTypes ?? [];
        Require(info.Type.IsSealed || derived.Count > 0, info.Type, "is neither sealed nor says with [JsonDerivedType] what derives from it");
        foreach (var member in info.Properties)
        {
            Line($"{member.Name} {member.PropertyType}");
            Describe(member.PropertyType);
        }

        foreach (var each in derived.Where(each => each.DerivedType != info.Type))
        {
            Line($"{each.TypeDiscriminator} {each.DerivedType}");
            Describe(each.DerivedType);
        }
    }

    private void DescribeCollection(JsonTypeInfo info)
    {
        var type = info.Type;
        Require(
            type.IsArray || (type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition())),
            type,
            "is not one of the collections whose kind is known");
        if (info.KeyType is { } key)
        {
            Describe(key);
        }

        Describe(info.ElementType!);
    }

    private void DescribeValue(JsonTypeInfo info)
    {
        var type = info.Type;
        if (type.IsEnum)
        {
            Line(string.Join(' ', Enum.GetNames(type).Select(name => $"{name}={Enum.Parse(type, name):D}")));
            return;
        }

        var converter = info.Converter.GetType();
        Require(
            type.IsPrimitive || type == typeof(byte[]) || Values.Contains(type) || converter.Assembly != typeof(JsonSerializer).Assembly,
            type,
            "has no form of its own in JSON");
        Line(converter.ToString());
    }

    private static void Require(bool holds, Type type, string otherwise)
    {
        if (!holds)
        {
            throw new NotSupportedException($"{type} {otherwise}.");
        }
    }

    private void Line(string text) => _text.Append(text).Append('\n');
}
