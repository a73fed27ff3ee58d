using System.Text.Json;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>The first difference between what was expected and what there is, in words that name the member.</summary>
internal static class Difference
{
    /// <summary>Between two lists, such as events; <see langword="null"/> if there is none.</summary>
    /// <param name="what">One of the list: "event".</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="actual">What there is.</param>
    public static string? Between(string what, IReadOnlyList<Named> expected, IReadOnlyList<Named> actual)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var difference = Between($"{what} {i + 1}", expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>Between two values; <see langword="null"/> if there is none.</summary>
    /// <param name="path">Where they stand.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="actual">What there is.</param>
    public static string? Between(string path, JsonElement expected, JsonElement actual) => (expected.ValueKind, actual.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => Members(path, expected, actual),
        (JsonValueKind.Array, JsonValueKind.Array) => Items(path, expected, actual),
        _ => JsonElement.DeepEquals(expected, actual) ? null : Say(path, Text(expected), Text(actual)),
    };

    private static string? Between(string path, Named? expected, Named? actual) =>
        expected is null || actual is null ? Say(path, expected?.Name ?? "nothing", actual?.Name ?? "nothing")
        : expected.Name != actual.Name ? Say(path, expected.Name, actual.Name)
        : Between($"{path} ({expected.Name})", expected.Content, actual.Content);

    private static string? Members(string path, JsonElement expected, JsonElement actual) =>
        (from name in expected.EnumerateObject().Concat(actual.EnumerateObject()).Select(m => m.Name).Distinct()
         let difference = Member($"{path}, {name}", Find(expected, name), Find(actual, name))
         where difference is not null
         select difference).FirstOrDefault();

    private static string? Items(string path, JsonElement expected, JsonElement actual) =>
        (from index in Enumerable.Range(0, Math.Max(expected.GetArrayLength(), actual.GetArrayLength()))
         let difference = Member($"{path}[{index}]", Find(expected, index), Find(actual, index))
         where difference is not null
         select difference).FirstOrDefault();

    private static string? Member(string path, JsonElement? expected, JsonElement? actual) =>
        expected is { } e && actual is { } a ? Between(path, e, a) : Say(path, Text(expected), Text(actual));

    private static JsonElement? Find(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Find(JsonElement json, int index) => index < json.GetArrayLength() ? json[index] : null;

    private static string Text(JsonElement? json) => json is { } value ? JsonSerializer.Serialize(value, LoireJson.Stored) : "nothing";

    private static string Say(string path, string expected, string actual) => $"{path}: expected {expected}, got {actual}";
}
