using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>Makes values of any type that can stand in an event.</summary>
internal sealed class Samples
{
    private const int MaxDepth = 8;

    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, object> _given = new()
    {
        [typeof(string)] = "Ünïcødé ✓ \"text\"",
        [typeof(bool)] = true,
        [typeof(char)] = 'ß',
        [typeof(byte)] = (byte)7,
        [typeof(short)] = (short)-7,
        [typeof(int)] = 7,
        [typeof(long)] = (1L << 60) + 1,
        [typeof(float)] = 1.5f,
        [typeof(double)] = 0.1,
        [typeof(decimal)] = 12.34m,
        [typeof(Guid)] = new Guid("0198f0c4-5b1e-7c3a-9d2f-6a1b2c3d4e5f"),
        [typeof(Uri)] = new Uri("https://example.org/a?b=c"),
        [typeof(DateTimeOffset)] = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234560),
        [typeof(DateTime)] = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234560),
        [typeof(DateOnly)] = new DateOnly(2030, 1, 2),
        [typeof(TimeOnly)] = new TimeOnly(3, 4, 5),
        [typeof(TimeSpan)] = TimeSpan.FromSeconds(90.5),
        [typeof(JsonElement)] = JsonElement.Parse("""{"a":[1,"b",null]}"""),
    };

    // Reading how a type is serialized needs options that are complete.
    static Samples() => LoireJson.Stored.MakeReadOnly(populateMissingResolver: true);

    public void Give(Type type, object sample) => _given[type] = sample;

    /// <param name="type">The type.</param>
    /// <param name="filled">Every member has something; otherwise as few as may be.</param>
    /// <exception cref="SpecificationException">None can be made.</exception>
    public object Make(Type type, bool filled) => Make(type, filled, depth: 0);

    private object Make(Type type, bool filled, int depth)
    {
        if (_given.TryGetValue(type, out var sample))
        {
            return sample;
        }

        if (depth > MaxDepth)
        {
            throw NoSample(type, "it contains itself");
        }

        if (Nullable.GetUnderlyingType(type) is { } plain)
        {
            return Make(plain, filled, depth);
        }

        if (type.IsEnum)
        {
            return Enum.GetValuesAsUnderlyingType(type) is { Length: > 0 } values
                ? Enum.ToObject(type, values.GetValue(values.Length - 1)!)
                : throw NoSample(type, "it has no values");
        }

        var json = LoireJson.Stored.GetTypeInfo(type);
        return json.Kind switch
        {
            JsonTypeInfoKind.Enumerable => Parse(type, filled ? $"[{Json(json.ElementType!, filled, depth)}]" : "[]"),
            JsonTypeInfoKind.Dictionary => Parse(type, filled ? $"{{\"key\":{Json(json.ElementType!, filled, depth)}}}" : "{}"),
            _ => Construct(type, filled, depth),
        };
    }

    private object Construct(Type type, bool filled, int depth)
    {
        if (type.IsAbstract)
        {
            return Make(NestedTypes.Of(type).OrderBy(t => t.Key, StringComparer.Ordinal).First().Value, filled, depth + 1);
        }

        // A value type that guards its range is made by its factory: Money.Of(12.34m).
        var made = Factories(type).Concat<MethodBase>(Constructors(type))
            .Select(method => TryMake(method, filled, depth))
            .FirstOrDefault(value => value is not null)
            ?? throw NoSample(type, "no constructor and no static method took samples of its parameters");
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0))
        {
            if (IsInit(property) && (filled || !MayBeNull(property)))
            {
                property.SetValue(made, Make(property.PropertyType, filled, depth + 1));
            }
        }

        return made;
    }

    private object? TryMake(MethodBase method, bool filled, int depth)
    {
        object?[] arguments = [.. method.GetParameters().Select(p =>
            !filled && MayBeNull(p) ? null : Make(p.ParameterType, filled, depth + 1))];
        try
        {
            return method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(obj: null, arguments);
        }
        catch (TargetInvocationException)
        {
            // It does not take the sample; another may, and if none does, that is reported.
            return null;
        }
    }

    private static IEnumerable<MethodInfo> Factories(Type type) => type.IsValueType
        ? type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == type && !m.IsSpecialName && m.GetParameters() is [var only] && only.ParameterType != type)
        : [];

    private static IEnumerable<ConstructorInfo> Constructors(Type type) => type.GetConstructors()
        .Where(c => c.GetParameters() is not [var only] || only.ParameterType != type)
        .OrderByDescending(c => c.GetParameters().Length);

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    private bool MayBeNull(ParameterInfo parameter) => _nullability.Create(parameter).WriteState == NullabilityState.Nullable;

    private bool MayBeNull(PropertyInfo property) => _nullability.Create(property).WriteState == NullabilityState.Nullable;

    private string Json(Type type, bool filled, int depth) => JsonSerializer.Serialize(Make(type, filled, depth + 1), type, LoireJson.Stored);

    private static object Parse(Type type, string json) => JsonSerializer.Deserialize(json, type, LoireJson.Stored)!;

    private static SpecificationException NoSample(Type type, string reason) =>
        new($"No sample of {type.Name} can be made: {reason}. Give one with With(…).");
}
