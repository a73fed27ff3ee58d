using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>What is to become of an event that could not be handled.</summary>
public enum DeadLetterState
{
    /// <summary>It is tried again by itself; later events of its aggregate wait behind it.</summary>
    Retrying,

    /// <summary>It has been tried often enough, and waits for somebody to look at it; later events of its aggregate wait behind it.</summary>
    Parked,

    /// <summary>An earlier event of its aggregate could not be handled; this one has not been tried.</summary>
    Waiting,

    /// <summary>It was given up, as the subscription's policy says; nothing waits for it.</summary>
    Skipped,
}

/// <summary>An event that a subscription could not handle, or not yet, as it is kept: a document of a system view.</summary>
public sealed record DeadLetter
{
    /// <summary>The system view.</summary>
    public static readonly ViewSchema Schema = new(
        SystemViews.DeadLetters,
        Version: 1,
        [
            new("queue", ViewFieldKind.Text, Indexed: true),
            new("partition", ViewFieldKind.Number),
            new("state", ViewFieldKind.Text),
            new("generation", ViewFieldKind.Text),
            new("headOf", ViewFieldKind.Text, Indexed: true),
            new("line", ViewFieldKind.Text, Indexed: true),
            new("aggregate", ViewFieldKind.Text),
            new("aggregateId", ViewFieldKind.Text),
            new("type", ViewFieldKind.Text),
            new("createdAt", ViewFieldKind.Time),
        ]);

    /// <summary>Generation, partition and position, such that ids sort as the events do: <c>orders@1:0:0000000000001042</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The subscription.</summary>
    public required string Queue { get; init; }

    /// <summary>Name of the subscription's checkpoint: a view that is filled anew has letters of its own.</summary>
    public required string Generation { get; init; }

    public required int Partition { get; init; }

    public required DeadLetterState State { get; init; }

    /// <summary>The partition of the subscription (<c>name/partition</c>), while this letter holds back its aggregate there.</summary>
    public string? HeadOf { get; init; }

    /// <summary>Common to the letters of one aggregate that are still to be handled, in order of their ids.</summary>
    public string? Line { get; init; }

    public required long Position { get; init; }

    public required Guid EventId { get; init; }

    public required string Aggregate { get; init; }

    public required string AggregateId { get; init; }

    public required long Version { get; init; }

    public required string Type { get; init; }

    public required int SchemaVersion { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required EventMetadata Metadata { get; init; }

    /// <summary>The payload as it will be handled, to the letter.</summary>
    public required string Data { get; init; }

    /// <summary>How often it was tried by itself.</summary>
    public int Attempts { get; init; }

    /// <summary>What the last attempt said.</summary>
    public string? Error { get; init; }

    /// <summary>The whole of it, with where it happened.</summary>
    public string? ErrorDetail { get; init; }

    /// <summary>When it was set aside.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastFailedAt { get; init; }

    /// <summary>When it is tried again by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The payload as it stands in the log, if somebody has changed it.</summary>
    public string? OriginalData { get; init; }

    public string? EditedBy { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public StreamName Stream => new(Aggregate, AggregateId);

    internal static string IdOf(string generation, int partition, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"{generation}:{partition}:{position:D16}");

    /// <summary>Those of one generation or, if it is given, of one partition of it, and there from a position on; not counted.</summary>
    internal static ViewQuery Within(string generation, int? partition = null, long from = 0)
    {
        // A semicolon comes right after a colon.
        var name = partition is { } number ? string.Create(CultureInfo.InvariantCulture, $"{generation}:{number}") : generation;
        return new ViewQuery
        {
            IdFrom = partition is { } p ? IdOf(generation, p, from) : $"{name}:",
            IdTo = $"{name};",
            CountTotal = false,
        };
    }

    /// <summary>The name of a state, as it stands in documents.</summary>
    public static string NameOf(DeadLetterState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    internal static ViewCondition Where(string field, Comparison comparison, object value) => new(Schema.Field(field)!, comparison, value);

    // Stores compare long text by its beginning only.
    internal static string LineOf(string owner, StreamName stream) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}|{stream}")));

    internal RecordedEvent ToEvent() => new(
        Position, EventId, Stream, Version, Type, SchemaVersion, OccurredAt, Encoding.UTF8.GetBytes(Data), Metadata);
}
