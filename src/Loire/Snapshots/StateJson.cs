using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Loire.Snapshots;

/// <summary>
/// How states are written into snapshots: every field of an object, be it public or not, and whatever its properties'
/// attributes say of JSON, which are for those who look at a state and not for those who go on with it.
/// </summary>
internal static class StateJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { CarryFields } },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static void CarryFields(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || Nullable.GetUnderlyingType(type.Type) is not null)
        {
            return;
        }

        type.Properties.Clear();
        foreach (var field in Fields(type.Type))
        {
            var member = type.CreateJsonPropertyInfo(field.FieldType, NameOf(field, type.Type));
            member.Get = target => DefaultComparer.Checked(field.GetValue(target));
            member.Set = field.SetValue;
            member.IsRequired = true;
            type.Properties.Add(member);
        }

        if (!type.Type.IsAbstract)
        {
            type.CreateObject = () => RuntimeHelpers.GetUninitializedObject(type.Type);
        }
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (var part = type; part is not null && part != typeof(object) && part != typeof(ValueType); part = part.BaseType)
        {
            foreach (var field in part.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    // "<Balance>k__BackingField" is the property Balance.
    private static string NameOf(FieldInfo field, Type type)
    {
        var name = field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
        var camel = JsonNamingPolicy.CamelCase.ConvertName(name);
        return field.DeclaringType == type ? camel : $"{field.DeclaringType!.Name}.{camel}";
    }
}
