using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Loire.Serialization;

/// <summary>How the platform writes and reads JSON: camelCase members, enums as camelCase text.</summary>
public static class LoireJson
{
    /// <summary>For events, states and views: members that a reader does not know are left alone.</summary>
    public static readonly JsonSerializerOptions Stored = Create(JsonUnmappedMemberHandling.Skip);

    /// <summary>For what people send in: unknown and missing members and unexpected nulls are errors.</summary>
    public static readonly JsonSerializerOptions Strict = Create(JsonUnmappedMemberHandling.Disallow);

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unmapped)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DictionaryKeyPolicy = null,
            UnmappedMemberHandling = unmapped,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = unmapped == JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = unmapped != JsonUnmappedMemberHandling.Disallow,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        return options;
    }
}
