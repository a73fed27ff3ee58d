using Orleans.Runtime;

namespace Orleans;

/// <summary>What is known of a silo.</summary>
[GenerateSerializer]
public sealed class MembershipEntry
{
    /// <summary>Its address.</summary>
    [Id(0)]
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>What it does.</summary>
    [Id(1)]
    public SiloStatus Status { get; set; }

    /// <summary>The machine that it is on.</summary>
    [Id(4)]
    public string HostName { get; set; } = "";

    /// <summary>Its name; a silo that is restarted keeps it.</summary>
    [Id(5)]
    public string SiloName { get; set; } = "";

    /// <summary>When it started, UTC.</summary>
    [Id(9)]
    public DateTime StartTime { get; set; }

    /// <inheritdoc />
    public override string ToString() => $"{SiloName} {SiloAddress}: {Status}";
}
