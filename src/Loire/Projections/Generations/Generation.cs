using System.Collections.Immutable;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Documents of a view that were filled from the start of the log by one version of its code.</summary>
/// <param name="Version">The version of the code.</param>
/// <param name="Number">Counts the generations of a view, from 1, over all its versions.</param>
/// <param name="Partitions">How many partitions have a checkpoint in it.</param>
/// <param name="Tables">Its tables as that version declared them, the view first.</param>
internal sealed record Generation(int Version, int Number, int Partitions, ImmutableArray<ViewSchema> Tables)
{
    public ViewSchema Main => Tables[0];

    /// <summary>The name under which its checkpoints are kept.</summary>
    public string CheckpointName => Main.StoreName;

    /// <summary>The subscription that writes it once it is live.</summary>
    public string Queue => $"{Main.Name}@{Version}";

    public static Generation Of(Projection projection, int number) => new(
        projection.Version, number, projection.Partitions, [.. projection.Tables.Select(t => t.Schema.InGeneration(number))]);

    /// <summary>The table of a name; <see langword="null"/> if this version had none.</summary>
    public ViewSchema? Table(string name) => Tables.FirstOrDefault(t => t.Name == name);
}

/// <summary>A generation that nobody reads any more.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="DropAfter">Until then somebody may still be reading it.</param>
internal sealed record RetiredGeneration(Generation Generation, DateTimeOffset DropAfter);

/// <summary>Which generations a view has. Kept as a document of a system view.</summary>
internal sealed record ViewGenerations
{
    /// <summary>Counts the changes of this document; also the checkpoint that fences them.</summary>
    public required long Revision { get; init; }

    /// <summary>The generation that people read and the subscription writes.</summary>
    public required Generation Live { get; init; }

    /// <summary>The last number that was given to a generation. None is given twice.</summary>
    public required int Last { get; init; }

    /// <summary>The generation that is being filled, if one is. No other can become the live one.</summary>
    public int? Next { get; init; }

    /// <summary>The name under which its checkpoints are kept.</summary>
    public string? NextCheckpoint { get; init; }

    /// <summary>Revision of the rebuild's plan that the last generation was begun for: whoever begins the same one gets the same number.</summary>
    public long BegunFor { get; init; }

    /// <summary>Whether <see cref="Next"/> is taking over: from here on that is brought to its end, and cannot be cancelled.</summary>
    public bool TakingOver { get; init; }

    public ImmutableArray<RetiredGeneration> Retired { get; init; } = [];

    /// <summary>Whether there is something to drop; a declared field, to be found by.</summary>
    public bool HasRetired => Retired.Length > 0;

    /// <summary>Whether there is a use for a generation; if not, there will be none again.</summary>
    public bool Uses(int number) => Live.Number == number || Next == number || Retired.Any(r => r.Generation.Number == number);

    /// <summary>The names of the checkpoints of generations that are not live yet, or not any more.</summary>
    internal IEnumerable<string> NotLive =>
        [.. NextCheckpoint is { } next ? [next] : Array.Empty<string>(), .. Retired.Select(r => r.Generation.CheckpointName)];
}

/// <summary>
/// Checkpoints of a generation that has been closed, so that no activation, however old, can move them any more. Closed at
/// position p they stand at -1 - p.
/// </summary>
internal static class ClosedCheckpoint
{
    public static bool IsClosed(long checkpoint) => checkpoint < 0;

    public static long Close(long position) => ~position;

    /// <summary>The position, closed or not.</summary>
    public static long PositionOf(long checkpoint) => checkpoint < 0 ? ~checkpoint : checkpoint;
}
