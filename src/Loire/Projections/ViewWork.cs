namespace Loire.Projections;

/// <summary>A long piece of work on a view, a rebuild or an audit, as it is kept in the store.</summary>
[GenerateSerializer, Immutable, Alias("loire.view-work")]
public abstract record ViewWork
{
    /// <summary>Counts the changes of its document; also the checkpoint that fences them.</summary>
    [Id(0)]
    public required long Revision { get; init; }

    /// <summary>Name of the view.</summary>
    [Id(1)]
    public required string View { get; init; }

    /// <summary>The generation of the view that is being filled, or audited.</summary>
    [Id(2)]
    public required int Generation { get; init; }

    /// <summary>When it was started.</summary>
    [Id(3)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, however it did.</summary>
    [Id(4)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The log has been folded up to here, as far as was written down; once a second.</summary>
    [Id(5)]
    public long Position { get; init; }

    /// <summary>
    /// Where the log ended when that was written down. When an audit is complete, as <see cref="Position"/>: view and log were
    /// compared up to there.
    /// </summary>
    [Id(6)]
    public long Target { get; init; }

    /// <summary>What went wrong last; kept when it goes on.</summary>
    [Id(7)]
    public string? LastError { get; init; }
}
