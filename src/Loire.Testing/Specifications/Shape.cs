using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>
/// An object as JSON, to compare it and to show it. Members that are kept out of the stored form are in it too, so that a
/// difference in one of them is not missed.
/// </summary>
internal static class Shape
{
    private static readonly JsonSerializerOptions Whole = new(LoireJson.Stored)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddIgnored } },
    };

    public static JsonElement Of(object? value) =>
        value is null ? JsonElement.Parse("null") : JsonSerializer.SerializeToElement(value, value.GetType(), Whole);

    private static void AddIgnored(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var ignored in type.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsIgnored))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(ignored.Name);
            if (type.Properties.FirstOrDefault(p => p.Name == name) is { } listed)
            {
                type.Properties.Remove(listed);
            }

            var property = type.CreateJsonPropertyInfo(ignored.PropertyType, name);
            property.Get = ignored.GetValue;
            type.Properties.Add(property);
        }
    }

    private static bool IsIgnored(PropertyInfo property) =>
        property is { CanRead: true } && property.GetIndexParameters().Length == 0
        && property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };
}
