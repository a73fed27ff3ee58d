using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Loire.Commands;

namespace Loire.Serialization;

/// <summary>
/// Says what is wrong with a payload that did not deserialize, member by member: the serializer stops at the first error
/// and names only some of them. It runs only when deserialization has failed already.
/// </summary>
public static class PayloadDiagnosis
{
    public static ImmutableArray<FieldError> Explain(ReadOnlyMemory<byte> payload, Type type, JsonException failure)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        try
        {
            using var document = JsonDocument.Parse(payload);
            Visit(document.RootElement, LoireJson.Strict.GetTypeInfo(type), "", errors);
        }
        catch (JsonException e)
        {
            return [new FieldError("", $"Not valid JSON: {e.Message}")];
        }
        catch (InvalidOperationException)
        {
            return [new FieldError("", "A member's name is not valid Unicode.")];
        }

        return errors.Count > 0 ? errors.ToImmutable() : [new FieldError(PathOf(failure), failure.Message)];
    }

    private static void Visit(JsonElement element, JsonTypeInfo type, string path, ImmutableArray<FieldError>.Builder errors)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                VisitMembers(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var item = LoireJson.Strict.GetTypeInfo(type.ElementType!);
                var index = 0;
                foreach (var child in element.EnumerateArray())
                {
                    Visit(child, item, $"{path}[{index++}]", errors);
                }

                break;
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary:
                errors.Add(new FieldError(path, "A JSON object is needed."));
                break;
            case JsonTypeInfoKind.Enumerable:
                errors.Add(new FieldError(path, "A JSON array is needed."));
                break;
            default:
                VisitValue(element, type, path, errors);
                break;
        }
    }

    private static void VisitMembers(JsonElement element, JsonTypeInfo type, string path, ImmutableArray<FieldError>.Builder errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var memberPath = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var property = type.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (property is null)
            {
                errors.Add(new FieldError(memberPath, "There is no such member."));
            }
            else if (!seen.Add(member.Name))
            {
                errors.Add(new FieldError(memberPath, "The member occurs more than once."));
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Visit(member.Value, LoireJson.Strict.GetTypeInfo(property.PropertyType), memberPath, errors);
            }
            else if (!property.IsSetNullable)
            {
                errors.Add(new FieldError(memberPath, "The member must not be null."));
            }
        }

        foreach (var missing in type.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)))
        {
            errors.Add(new FieldError(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}", "The member is missing."));
        }
    }

    private static void VisitValue(JsonElement element, JsonTypeInfo type, string path, ImmutableArray<FieldError>.Builder errors)
    {
        try
        {
            element.Deserialize(type);
        }
        catch (JsonException e)
        {
            // The converter of a value type explains itself; the serializer's own text names .NET types.
            var explains = type.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly;
            errors.Add(new FieldError(path, explains ? e.Message : $"{Expected(type.Type)} is needed."));
        }
    }

    private static string Expected(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => "Text",
            _ when plain == typeof(bool) => "true or false",
            _ when plain.IsEnum => $"One of {string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
            _ when plain == typeof(DateTimeOffset) => "A time as in RFC 3339",
            _ when plain.IsPrimitive || plain == typeof(decimal) => "A number in range",
            _ => $"A valid {JsonNamingPolicy.CamelCase.ConvertName(plain.Name)}",
        };
    }

    // The serializer's path begins with "$" and a dot.
    private static string PathOf(JsonException failure) => failure.Path is { Length: > 1 } path ? path[1..].TrimStart('.') : "";
}
