using Loire.Commands;
using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>Sends events and commands through the form in which they are stored and travel, as the platform does.</summary>
internal static class StoredForm
{
    /// <summary>The event as it comes back from the log.</summary>
    /// <exception cref="SpecificationException">It does not come back as it went in.</exception>
    public static TEvent Of<TEvent>(EventCodec codec, TEvent @event)
        where TEvent : class
    {
        var recorded = Record(codec.Encode(@event, DateTimeOffset.UnixEpoch, EventMetadata.None), new StreamName(codec.Aggregate, "id"), 1, 1);
        var restored = Restore($"The event {Named.Of(@event)}", () => (TEvent)codec.Decode(recorded));
        Compare("event", @event, restored);
        return restored;
    }

    /// <summary>The command as an aggregate gets it, or why it is refused.</summary>
    /// <exception cref="SpecificationException">It does not come back as it went in.</exception>
    public static (TCommand? Command, CommandResult? Failure) Of<TCommand>(CommandCodec codec, TCommand command)
        where TCommand : class
    {
        var (decoded, failure) = codec.Decode(CommandCodec.NameOf(command), CommandCodec.Encode(command));
        if (decoded is not null)
        {
            Compare("command", command, decoded);
        }

        return ((TCommand?)decoded, failure);
    }

    public static RecordedEvent Record(NewEvent e, StreamName stream, long version, long position) =>
        new(position, e.EventId, stream, version, e.Type, e.SchemaVersion, e.OccurredAt, e.Data, e.Metadata);

    private static T Restore<T>(string what, Func<T> restore)
    {
        try
        {
            return restore();
        }
        catch (Exception e)
        {
            throw new SpecificationException($"{what} cannot be read back from its stored form: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private static void Compare(string what, object before, object after)
    {
        var (expected, actual) = (Named.Of(before), Named.Of(after));
        if (Difference.Between($"{what} ({expected.Name})", expected.Content, actual.Content) is { } difference)
        {
            throw new Report($"The {what} {expected.Name} does not come back from its stored form as it went in.")
                .With("went in", expected)
                .With("came back", actual)
                .With("difference", difference)
                .ToException();
        }
    }
}
