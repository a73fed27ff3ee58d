using System.Text;

namespace Orleans.Runtime;

/// <summary>A piece of an identity: text with a hash that is the same in every process.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _value;
    private readonly int _hash;

    private IdSpan(string value)
    {
        _value = value;
        _hash = Hash(value);
    }

    /// <summary>Whether this is the default value.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The UTF-8 bytes of the text.</summary>
    public ReadOnlyMemory<byte> Value => Encoding.UTF8.GetBytes(ToString());

    /// <summary>Makes an identity from text.</summary>
    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new(id);
    }

    /// <inheritdoc />
    public bool Equals(IdSpan obj) => _hash == obj._hash && string.Equals(_value, obj._value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode() => (uint)_hash;

    /// <inheritdoc />
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc />
    public override string ToString() => _value ?? "";

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    // FNV-1a over UTF-16 code units, finished with a multiply-shift so that low bits vary too.
    private static int Hash(string value)
    {
        var hash = 2166136261u;
        foreach (var c in value)
        {
            hash = (hash ^ c) * 16777619u;
        }

        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        return (int)(hash ^ (hash >> 13));
    }
}
