using System.Collections.Frozen;

namespace Loire.Projections;

/// <summary>What a fold of the log does otherwise than as it stands there.</summary>
internal sealed record FillRules
{
    /// <summary>What becomes of events that cannot be handled; <see langword="null"/> if they end the fold.</summary>
    public FillFailures? Failures { get; private init; }

    /// <summary>The generation that is live while another is filled; <see langword="null"/> if what is filled never will be.</summary>
    public Generation? Live { get; private init; }

    /// <summary>Name of the checkpoint of the generation whose documents are folded again; <see langword="null"/> if it is a generation of its own.</summary>
    public string? Audited { get; private init; }

    /// <summary>Partitions and positions of events that are left out.</summary>
    public IReadOnlySet<(int Partition, long Position)> LeftOut { get; private init; } = FrozenSet<(int Partition, long Position)>.Empty;

    /// <summary>For a generation that is to take over from another.</summary>
    public static FillRules Rebuild(FillFailures failures, Generation live) => new() { Failures = failures, Live = live };

    /// <summary>For a fold that is to be compared with a generation.</summary>
    public static FillRules Audit(Generation live, IReadOnlySet<(int Partition, long Position)> leftOut) =>
        new() { Audited = live.CheckpointName, LeftOut = leftOut };
}
