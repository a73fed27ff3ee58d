using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Values;

/// <summary>A number of pieces: whole, 1 to 1,000,000,000.</summary>
[JsonConverter(typeof(QuantityJson))]
public readonly record struct Quantity
{
    public const int Max = 1_000_000_000;
    private const string Range = "A quantity is a whole number from 1 to 1000000000.";

    private readonly int _above1;

    private Quantity(int value) => _above1 = value - 1;

    public int Value => _above1 + 1;

    public static implicit operator int(Quantity quantity) => quantity.Value;

    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public static Quantity Of(int value) => TryOf(value) ?? throw new ArgumentOutOfRangeException(nameof(value), value, Range);

    public static Quantity? TryOf(long value) => value is >= 1 and <= Max ? new Quantity((int)value) : null;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private sealed class QuantityJson : JsonConverter<Quantity>
    {
        public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && TryOf(value) is { } quantity
                ? quantity
                : throw new JsonException(Range);

        public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }
}
