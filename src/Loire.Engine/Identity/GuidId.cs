namespace Orleans.Runtime;

/// <summary>An identity that is a GUID.</summary>
public sealed record GuidId : IComparable<GuidId>
{
    private GuidId(Guid guid) => Guid = guid;

    /// <summary>The GUID.</summary>
    public Guid Guid { get; }

    /// <summary>A new identity.</summary>
    public static GuidId GetNewGuidId() => new(Guid.NewGuid());

    /// <summary>The identity with this GUID.</summary>
    public static GuidId GetGuidId(Guid guid) => new(guid);

    /// <inheritdoc />
    public int CompareTo(GuidId? other) => other is null ? 1 : Guid.CompareTo(other.Guid);

    /// <inheritdoc />
    public override string ToString() => Guid.ToString();
}
