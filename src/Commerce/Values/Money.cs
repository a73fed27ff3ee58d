using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Values;

/// <summary>An amount of money: decimal, two places, never negative, less than 10^16.</summary>
[JsonConverter(typeof(MoneyJson))]
public readonly record struct Money : IComparable<Money>
{
    private const decimal Limit = 10_000_000_000_000_000m;
    private const string Range = "Money is a number from 0 to 9999999999999999.99 with at most two decimal places.";

    // Gives every amount two places, so that 5 and 5.00 are the same in JSON too.
    private const decimal Cents = 0.00m;

    private Money(decimal amount) => Amount = amount;

    public static Money Zero => default;

    public decimal Amount { get; }

    public static Money operator +(Money a, Money b) => Of(a.Amount + b.Amount);

    /// <exception cref="ArgumentOutOfRangeException">The difference is negative.</exception>
    public static Money operator -(Money a, Money b) => Of(a.Amount - b.Amount);

    public static Money operator *(Money price, int quantity) => Of(price.Amount * quantity);

    public static bool operator <(Money a, Money b) => a.Amount < b.Amount;

    public static bool operator >(Money a, Money b) => a.Amount > b.Amount;

    public static bool operator <=(Money a, Money b) => a.Amount <= b.Amount;

    public static bool operator >=(Money a, Money b) => a.Amount >= b.Amount;

    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range or has more than two places.</exception>
    public static Money Of(decimal amount) => TryOf(amount) ?? throw new ArgumentOutOfRangeException(nameof(amount), amount, Range);

    public static Money? TryOf(decimal amount) =>
        amount is >= 0 and < Limit && decimal.Round(amount, 2) == amount ? new Money(decimal.Round(amount, 2) + Cents) : null;

    public int CompareTo(Money other) => Amount.CompareTo(other.Amount);

    public override string ToString() => Amount.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed class MoneyJson : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount) && TryOf(amount) is { } money
                ? money
                : throw new JsonException(Range);

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Amount);
    }
}
