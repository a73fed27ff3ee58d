namespace Loire.Snapshots;

/// <summary>
/// When the state of an aggregate is kept as a snapshot, so that its grain need not fold all events when it is activated.
/// Options are named after aggregate types.
/// </summary>
public sealed class SnapshotOptions
{
    /// <summary>After how many events the next snapshot is taken. Default: 100; 1 or more, or 0 for no snapshots.</summary>
    public int Every { get; set; } = 100;

    /// <summary>The least time between two snapshots of one aggregate, however busy it is. Default: 1 second; 0 or more.</summary>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>States that take more bytes are not kept. Default: 4 MiB; 1 to 64 MiB.</summary>
    public int MaxBytes { get; set; } = 4 << 20;

    /// <summary>
    /// The version of the rules by which the state is folded. Snapshots of another version are not used. By default it is not
    /// set, and then those of another build of the domain's assemblies are not used: whatever has changed in the rules,
    /// states are folded anew. Who sets it has to raise it whenever <c>Evolve</c> or the state changes its meaning.
    /// </summary>
    public int? RulesVersion { get; set; }
}
