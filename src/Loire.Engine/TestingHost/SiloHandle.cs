using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>One silo of a cluster, from its start to its end.</summary>
public abstract class SiloHandle : IAsyncDisposable
{
    /// <summary>Its number, from 0; a silo that is restarted keeps it.</summary>
    public short InstanceNumber { get; set; }

    /// <summary>Its name; a silo that is restarted keeps it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its address; a silo that is restarted has another.</summary>
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>Whether it has not been stopped.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Stops it, or without grace kills it.</summary>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <summary>Stops it, and gives up waiting for its grains when the token is cancelled.</summary>
    public abstract Task StopSiloAsync(CancellationToken ct);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc />
    public override string ToString() => $"{Name} {SiloAddress}";
}
