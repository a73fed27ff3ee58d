namespace Orleans.Runtime;

/// <summary>The name under which a grain interface is known.</summary>
public readonly struct GrainInterfaceType(IdSpan value) : IEquatable<GrainInterfaceType>
{
    public GrainInterfaceType(string value)
        : this(IdSpan.Create(value))
    {
    }

    /// <summary>Whether this is the default value.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>The name.</summary>
    public IdSpan Value { get; } = value;

    /// <summary>Makes an interface type from its name.</summary>
    public static GrainInterfaceType Create(string value) => new(value);

    /// <inheritdoc />
    public bool Equals(GrainInterfaceType other) => Value.Equals(other.Value);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GrainInterfaceType other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc />
    public override string ToString() => Value.ToString();

    public static bool operator ==(GrainInterfaceType left, GrainInterfaceType right) => left.Equals(right);

    public static bool operator !=(GrainInterfaceType left, GrainInterfaceType right) => !left.Equals(right);
}
