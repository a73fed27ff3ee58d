using System.Globalization;

namespace Loire.Gateway.Metrics;

/// <summary>The labels of a series, up to three. Made and compared once per measurement, without an allocation.</summary>
internal readonly struct Labels : IEquatable<Labels>
{
    private readonly KeyValuePair<string, object?> _first;
    private readonly KeyValuePair<string, object?> _second;
    private readonly KeyValuePair<string, object?> _third;

    /// <exception cref="ArgumentException">There are more than three.</exception>
    public Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length > 3)
        {
            throw new ArgumentException("A series has at most three labels.", nameof(tags));
        }

        _first = tags.Length > 0 ? tags[0] : default;
        _second = tags.Length > 1 ? tags[1] : default;
        _third = tags.Length > 2 ? tags[2] : default;
    }

    /// <summary>What series beyond the limit are counted under.</summary>
    public static Labels Overflow { get; } = new([new("overflow", "true")]);

    public IEnumerable<(string Name, string Value)> All =>
        new[] { _first, _second, _third }
            .Where(t => t.Key is not null)
            .Select(t => (t.Key, Convert.ToString(t.Value, CultureInfo.InvariantCulture) ?? ""));

    public bool Equals(Labels other) => Same(_first, other._first) && Same(_second, other._second) && Same(_third, other._third);

    public override bool Equals(object? obj) => obj is Labels other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_first.Key, _first.Value, _second.Key, _second.Value, _third.Key, _third.Value);

    private static bool Same(KeyValuePair<string, object?> one, KeyValuePair<string, object?> other) =>
        one.Key == other.Key && Equals(one.Value, other.Value);
}
