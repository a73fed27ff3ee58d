using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Loire.Commands;
using Loire.Serialization;

namespace Loire.Queries;

/// <param name="Name">camelCase.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsRequired">Whether it must be given.</param>
public sealed record QueryParameter(string Name, Type Type, bool IsRequired);

/// <summary>Reads the parameters of a query from text, strictly: each member of its type is one.</summary>
public sealed class QueryParameterReader
{
    /// <summary>The name that stands for a position and not for a parameter.</summary>
    public const string After = "after";

    private static readonly Type[] Texts =
        [typeof(string), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid), typeof(char)];

    private readonly Type _query;

    /// <exception cref="InvalidOperationException">A member cannot be a parameter.</exception>
    internal QueryParameterReader(Type query)
    {
        _query = query;
        var type = LoireJson.Strict.GetTypeInfo(query);
        All = [.. type.Properties.Select(p => new QueryParameter(p.Name, p.PropertyType, p.IsRequired))];
        foreach (var parameter in All)
        {
            var isScalar = LoireJson.Strict.GetTypeInfo(parameter.Type).Kind == JsonTypeInfoKind.None;
            if (type.Kind != JsonTypeInfoKind.Object || !isScalar || parameter.Name == After)
            {
                throw new InvalidOperationException(
                    $"'{parameter.Name}' of {query.Name} cannot be a parameter: those are text, numbers, true or false, times and "
                    + $"enums, and '{After}' stands for a position.");
            }
        }
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<QueryParameter> All { get; }

    /// <returns>The query, or what is wrong with its parameters.</returns>
    public (object? Query, ImmutableArray<FieldError> Errors) Read(IReadOnlyCollection<KeyValuePair<string, string>> given)
    {
        var errors = Mistakes(given).ToImmutableArray();
        if (!errors.IsEmpty)
        {
            return (null, errors);
        }

        var json = Json(given);
        try
        {
            var query = JsonSerializer.Deserialize(json.Span, _query, LoireJson.Strict)!;
            errors = Validation.Check(query);
            return errors.IsEmpty ? (query, errors) : (null, errors);
        }
        catch (JsonException e)
        {
            return (null, PayloadDiagnosis.Explain(json, _query, e));
        }
    }

    private IEnumerable<FieldError> Mistakes(IReadOnlyCollection<KeyValuePair<string, string>> given)
    {
        var names = string.Join(", ", All.Select(p => p.Name).Append(After));
        foreach (var (name, value) in given)
        {
            if (All.All(p => p.Name != name))
            {
                yield return new FieldError(name, $"There is no such parameter. There are: {names}.");
            }
            else if (value.Length > QueryText.MaxCursorLength)
            {
                yield return new FieldError(name, $"A value has at most {QueryText.MaxCursorLength} characters.");
            }
        }

        foreach (var missing in All.Where(p => p.IsRequired && given.All(g => g.Key != p.Name)))
        {
            yield return new FieldError(missing.Name, "The parameter is missing.");
        }
    }

    private ReadOnlyMemory<byte> Json(IEnumerable<KeyValuePair<string, string>> given)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        foreach (var (name, text) in given)
        {
            writer.WritePropertyName(name);
            Write(writer, text, All.First(p => p.Name == name).Type);
        }

        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenMemory;
    }

    // What is neither text nor a literal goes in as text, and is refused as what it is.
    private static void Write(Utf8JsonWriter writer, string text, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            writer.WriteStringValue(time);
        }
        else if (!plain.IsEnum && !Texts.Contains(plain) && IsLiteral(text))
        {
            writer.WriteRawValue(text);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static bool IsLiteral(string text)
    {
        try
        {
            return !text.Any(char.IsWhiteSpace)
                && JsonElement.Parse(text).ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        }
        catch (JsonException)
        {
            // Then it is none.
            return false;
        }
    }
}
