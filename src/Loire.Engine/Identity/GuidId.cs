namespace Orleans.Runtime;

/// <summary>An identity that is a GUID.</summary>
[GenerateSerializer, Immutable]
public sealed class GuidId : IEquatable<GuidId>, IComparable<GuidId>
{
    /// <summary>The GUID.</summary>
    [Id(0)]
    public readonly Guid Guid;

    private GuidId(Guid guid) => Guid = guid;

    /// <summary>A new identity.</summary>
    public static GuidId GetNewGuidId() => new(Guid.NewGuid());

    /// <summary>The identity with this GUID.</summary>
    public static GuidId GetGuidId(Guid guid) => new(guid);

    /// <inheritdoc />
    public bool Equals(GuidId? other) => other is not null && Guid == other.Guid;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GuidId);

    /// <inheritdoc />
    public override int GetHashCode() => Guid.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(GuidId? other) => other is null ? 1 : Guid.CompareTo(other.Guid);

    /// <inheritdoc />
    public override string ToString() => Guid.ToString();

    public static bool operator ==(GuidId? left, GuidId? right) => Equals(left, right);

    public static bool operator !=(GuidId? left, GuidId? right) => !Equals(left, right);
}
