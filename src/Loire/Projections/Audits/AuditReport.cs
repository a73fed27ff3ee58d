using System.Collections.Immutable;

namespace Loire.Projections;

/// <summary>What has become of an audit.</summary>
public enum AuditState
{
    /// <summary>The log is being folded, or compared with the view.</summary>
    Running,

    /// <summary>The report is complete.</summary>
    Completed,

    /// <summary>It could not be carried out; <see cref="ViewWork.LastError"/> says why.</summary>
    Failed,
}

/// <summary>How an entry of a view differs from what the log gives.</summary>
public enum AuditFinding
{
    /// <summary>The log gives a document, and the view has none.</summary>
    Missing,

    /// <summary>The view has a document, and the log gives none.</summary>
    Extra,

    /// <summary>They are not the same.</summary>
    Different,
}

/// <summary>What is to be audited.</summary>
/// <param name="IdFrom">The first id, in order of code points; from the first of all, if not given.</param>
/// <param name="IdTo">The last id; to the last of all, if not given.</param>
/// <param name="EventsPerSecond">How many events to handle per second, at most; as the options say, if not given.</param>
[GenerateSerializer, Immutable, Alias("loire.audit-request")]
public sealed record AuditRequest(
    [property: Id(0)] string? IdFrom = null, [property: Id(1)] string? IdTo = null, [property: Id(2)] int? EventsPerSecond = null);

/// <summary>The last audit of a view.</summary>
[GenerateSerializer, Immutable, Alias("loire.audit-report")]
public sealed record AuditReport : ViewWork
{
    /// <summary>What has become of it.</summary>
    [Id(0)]
    public required AuditState State { get; init; }

    /// <summary>What was asked for.</summary>
    [Id(1)]
    public required AuditRequest Request { get; init; }

    /// <summary>
    /// The generation that the log is folded into; 0 before that. Of several activations that audit at once each has its own, and
    /// the one that is named here says what was found. It is removed at the end.
    /// </summary>
    [Id(2)]
    public required int Scratch { get; init; }

    /// <summary>What was found, table by table: the view, its further views, what it looks things up in.</summary>
    [Id(3)]
    public ImmutableArray<AuditedTable> Tables { get; init; } = [];

    /// <summary>Whether the view is what the log gives.</summary>
    public bool IsSound => State == AuditState.Completed && Tables.All(t => t.Differing == 0 && t.Unsettled == 0);
}

/// <summary>What was found in one table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Documents">How many it has.</param>
/// <param name="Expected">How many the log gives.</param>
/// <param name="Differing">How many entries differ.</param>
/// <param name="Unsettled">How many differed at first, and then could not be compared: they changed each time.</param>
/// <param name="Partitions">The partitions of ids, of 64, that have entries that differ.</param>
/// <param name="Differences">The first thousand entries that differ.</param>
[GenerateSerializer, Immutable, Alias("loire.audited-table")]
public sealed record AuditedTable(
    [property: Id(0)] string Name,
    [property: Id(1)] long Documents,
    [property: Id(2)] long Expected,
    [property: Id(3)] long Differing,
    [property: Id(4)] long Unsettled,
    [property: Id(5)] ImmutableArray<AuditedPartition> Partitions,
    [property: Id(6)] ImmutableArray<AuditDifference> Differences);

/// <summary>Documents whose ids have the same hash modulo 64.</summary>
/// <param name="Partition">0 to 63.</param>
/// <param name="Documents">How many the table has.</param>
/// <param name="Expected">How many the log gives.</param>
/// <param name="Hash">Sum of the hashes of those that the table has, 64 bits in hexadecimal.</param>
/// <param name="ExpectedHash">The same of those that the log gives.</param>
[GenerateSerializer, Immutable, Alias("loire.audited-partition")]
public sealed record AuditedPartition(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Documents,
    [property: Id(2)] long Expected,
    [property: Id(3)] string Hash,
    [property: Id(4)] string ExpectedHash);

/// <summary>An entry that differs.</summary>
/// <param name="Id">Of the document.</param>
/// <param name="Finding">How.</param>
/// <param name="Position">Of the last event that changed it; <see langword="null"/> when no event does.</param>
[GenerateSerializer, Immutable, Alias("loire.audit-difference")]
public sealed record AuditDifference(
    [property: Id(0)] string Id, [property: Id(1)] AuditFinding Finding, [property: Id(2)] long? Position);

/// <summary>What an audit has to say to what it was asked for.</summary>
/// <param name="Refusal">Why nothing was done; <see langword="null"/> when it was.</param>
/// <param name="Report">The audit; <see langword="null"/> when the view has had none.</param>
[GenerateSerializer, Immutable, Alias("loire.audit-reply")]
public sealed record AuditReply([property: Id(0)] string? Refusal, [property: Id(1)] AuditReport? Report);
