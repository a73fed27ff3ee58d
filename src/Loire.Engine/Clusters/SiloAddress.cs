using System.Net;

namespace Orleans.Runtime;

/// <summary>One start of one silo: a silo that is started again has another address.</summary>
[Immutable]
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private static int s_lastGeneration;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    /// <summary>Where it listens; in one process nobody does, and the endpoint only names the silo.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Which start it is.</summary>
    public int Generation { get; }

    /// <summary>Makes an address.</summary>
    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    /// <summary>Makes an address.</summary>
    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    /// <summary>A generation that no silo of this process has had.</summary>
    public static int AllocateNewGeneration() => Interlocked.Increment(ref s_lastGeneration);

    /// <inheritdoc />
    public bool Equals(SiloAddress? other) =>
        other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    /// <inheritdoc />
    public int CompareTo(SiloAddress? other) => other is null
        ? 1
        : (Generation, Endpoint.Port).CompareTo((other.Generation, other.Endpoint.Port));

    /// <inheritdoc />
    public override string ToString() => $"S{Endpoint}:{Generation}";
}

/// <summary>What a silo does.</summary>
[GenerateSerializer]
public enum SiloStatus
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Made, not started.</summary>
    Created = 1,

    /// <summary>It starts.</summary>
    Joining = 2,

    /// <summary>It takes calls.</summary>
    Active = 3,

    /// <summary>It stops and deactivates its grains.</summary>
    ShuttingDown = 4,

    /// <summary>It stops without a word.</summary>
    Stopping = 5,

    /// <summary>It is gone and does not come back; a restart has another address.</summary>
    Dead = 6,
}

/// <summary>The silo that this host is.</summary>
public interface ILocalSiloDetails
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its address.</summary>
    SiloAddress SiloAddress { get; }
}
