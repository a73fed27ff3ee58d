using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The identity of a grain: its type and its key, written <c>type/key</c>.</summary>
public readonly struct GrainId(GrainType type, IdSpan key) : IEquatable<GrainId>, IComparable<GrainId>, ISpanParsable<GrainId>
{
    /// <summary>Whether this is the default value.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    /// <summary>Which class of grain.</summary>
    public GrainType Type { get; } = type;

    /// <summary>Which grain of the class.</summary>
    public IdSpan Key { get; } = key;

    /// <summary>Makes an identity.</summary>
    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));

    /// <summary>Makes an identity.</summary>
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <summary>Makes an identity.</summary>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Reads <c>type/key</c>.</summary>
    /// <exception cref="FormatException">The text is not <c>type/key</c>.</exception>
    public static GrainId Parse(string value) => Parse(value, provider: null);

    /// <inheritdoc />
    public static GrainId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc />
    public static GrainId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException($"\"{s}\" is not a grain id (type/key)");

    /// <summary>Reads <c>type/key</c>.</summary>
    public static bool TryParse(string? value, out GrainId result) => TryParse(value, provider: null, out result);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out GrainId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc />
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out GrainId result)
    {
        var slash = s.IndexOf('/');
        result = slash > 0 ? Create(new string(s[..slash]), new string(s[(slash + 1)..])) : default;
        return slash > 0;
    }

    /// <inheritdoc />
    public bool Equals(GrainId other) => Type.Equals(other.Type) && Key.Equals(other.Key);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => (Type.GetHashCode() * 31) ^ Key.GetHashCode();

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode() => (uint)GetHashCode();

    /// <inheritdoc />
    public int CompareTo(GrainId other)
    {
        var byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    /// <inheritdoc />
    public override string ToString() => $"{Type}/{Key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
