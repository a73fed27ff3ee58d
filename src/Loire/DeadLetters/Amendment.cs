using System.Globalization;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>
/// What somebody has decided about an event that a subscription could not handle: it is handled with another payload, or never.
/// A document of a system view. It outlives the dead letter, so that whoever folds the log anew does the same again.
/// </summary>
public sealed record Amendment
{
    /// <summary>The system view.</summary>
    public static readonly ViewSchema Schema = new(
        SystemViews.Amendments,
        Version: 1,
        [
            new("reader", ViewFieldKind.Text, Indexed: true),
            new("queue", ViewFieldKind.Text),
            new("partition", ViewFieldKind.Number),
            new("position", ViewFieldKind.Number),
            new("number", ViewFieldKind.Number),
        ]);

    /// <summary>Reader, position, subscription, partition and number, such that ids sort as the events do.</summary>
    public required string Id { get; init; }

    /// <summary>The subscription without its version: what was decided holds for the next version of a view too.</summary>
    public required string Reader { get; init; }

    /// <summary>The subscription.</summary>
    public required string Queue { get; init; }

    /// <summary>Whose dead letter it was: the name of a checkpoint. Empty if it changes nothing that has been handled.</summary>
    public required string Generation { get; init; }

    public required int Partition { get; init; }

    /// <summary>How many partitions the subscription had; 0 if that is not known.</summary>
    public required int Partitions { get; init; }

    /// <summary>Counts the decisions about one partition of the subscription, from 1. Of two about one event the later one holds.</summary>
    public required long Number { get; init; }

    public required long Position { get; init; }

    public required Guid EventId { get; init; }

    public required string Aggregate { get; init; }

    public required string AggregateId { get; init; }

    public required string Type { get; init; }

    /// <summary>The payload that is handled in place of that in the log; <see langword="null"/> if the event is never handled.</summary>
    public string? Data { get; init; }

    /// <summary>The payload as it stands in the log.</summary>
    public required string OriginalData { get; init; }

    /// <summary>Whether what was decided before was withdrawn: the event is handled as it stands in the log, from the next rebuild on.</summary>
    public bool IsWithdrawal => Data == OriginalData && Generation.Length == 0;

    /// <summary>Who has changed it, if it was changed.</summary>
    public string? By { get; init; }

    public required DateTimeOffset At { get; init; }

    internal static string ReaderOf(string queue) => queue.IndexOf('@') is > 0 and var at ? queue[..at] : queue;

    /// <summary>
    /// The checkpoint that counts the decisions about the partitions of a subscription. Not under the name of the subscription,
    /// which is that of the first generation of a view, and dropped with it.
    /// </summary>
    internal static string CounterOf(string queue) => $"amendments/{queue}";

    internal static ViewCondition Where(string field, Comparison comparison, object value) => new(Schema.Field(field)!, comparison, value);

    internal static string IdOf(string reader, long position, string queue, int partition, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{reader}:{position:D16}:{queue}:{partition}:{number:D10}");

    /// <summary>No id of those about events from a position on comes before.</summary>
    internal static string FirstIdOf(string reader, long position) => string.Create(CultureInfo.InvariantCulture, $"{reader}:{position:D16}:");

    /// <param name="letter">The letter; if its payload was changed, as it was changed.</param>
    /// <param name="partitions">How many partitions its subscription has.</param>
    /// <param name="number">Its number.</param>
    /// <param name="at">When it was decided.</param>
    /// <param name="handled">Whether the event is to be handled, with the payload of the letter.</param>
    internal static Amendment Of(DeadLetter letter, int partitions, long number, DateTimeOffset at, bool handled)
    {
        var reader = ReaderOf(letter.Queue);
        return new Amendment
        {
            Id = IdOf(reader, letter.Position, letter.Queue, letter.Partition, number),
            Reader = reader,
            Queue = letter.Queue,
            Generation = letter.Generation,
            Partition = letter.Partition,
            Partitions = partitions,
            Number = number,
            Position = letter.Position,
            EventId = letter.EventId,
            Aggregate = letter.Aggregate,
            AggregateId = letter.AggregateId,
            Type = letter.Type,
            Data = handled ? letter.Data : null,
            OriginalData = letter.OriginalData ?? letter.Data,
            By = handled ? letter.EditedBy : null,
            At = handled ? letter.EditedAt ?? at : at,
        };
    }
}
