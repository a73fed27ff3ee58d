namespace Loire.Projections;

/// <summary>What has become of a rebuild.</summary>
public enum RebuildState
{
    /// <summary>The new generation is being filled, or is taking over.</summary>
    Running,

    /// <summary>It waits to be resumed.</summary>
    Paused,

    /// <summary>It was given up; the view is what it was.</summary>
    Cancelled,

    /// <summary>More could not be handled than before; the view is what it was. It can be resumed or cancelled.</summary>
    Failed,

    /// <summary>The new generation is the one that people read.</summary>
    Completed,
}

/// <summary>The last rebuild of a view.</summary>
[GenerateSerializer, Immutable, Alias("loire.rebuild-plan")]
public sealed record RebuildPlan : ViewWork
{
    /// <summary>What has become of it.</summary>
    [Id(0)]
    public required RebuildState State { get; init; }

    /// <summary>The version of the projection that fills it.</summary>
    [Id(1)]
    public required int Version { get; init; }

    /// <summary>Positions of the log that it gets through per second, of late.</summary>
    [Id(2)]
    public double EventsPerSecond { get; init; }

    /// <summary>Events that it has set aside because they, or earlier ones of their aggregates, could not be handled; as written down last.</summary>
    [Id(3)]
    public long SetAside { get; init; }

    /// <summary>Somebody has said that it takes over whatever it has set aside.</summary>
    [Id(4)]
    public bool AcceptsDeadLetters { get; init; }

    /// <summary>The new generation is taking over: that is tried until it is done, and cannot be cancelled.</summary>
    [Id(5)]
    public bool TakingOver { get; init; }

    /// <summary>Attempts that have failed since it last got on; 0 when all is well.</summary>
    [Id(6)]
    public int FailedAttempts { get; init; }

    /// <summary>
    /// What it has set aside has been compared with the view, which could not handle more; <see langword="null"/> if it has not
    /// been, or could.
    /// </summary>
    [Id(7)]
    public ComparedLetters? Compared { get; init; }

    /// <summary>How long it will take at this rate; <see langword="null"/> when it does not run or the rate is not known.</summary>
    public double? SecondsLeft =>
        State == RebuildState.Running && EventsPerSecond > 0 ? Math.Max(0, Target - Position) / EventsPerSecond : null;
}

/// <summary>What a rebuild has to say to what it was asked for.</summary>
/// <param name="Refusal">Why nothing was done; <see langword="null"/> when it was.</param>
/// <param name="Plan">The rebuild; <see langword="null"/> when the view has had none.</param>
[GenerateSerializer, Immutable, Alias("loire.rebuild-reply")]
public sealed record RebuildReply([property: Id(0)] string? Refusal, [property: Id(1)] RebuildPlan? Plan);
