using Orleans.Streams;

namespace Orleans.Providers.Streams.Common;

/// <summary>A place in a stream.</summary>
[GenerateSerializer]
public class EventSequenceToken(long sequenceNumber, int eventIndex) : StreamSequenceToken
{
    public EventSequenceToken(long sequenceNumber)
        : this(sequenceNumber, eventIndex: 0)
    {
    }

    /// <inheritdoc />
    public override long SequenceNumber { get; protected set; } = sequenceNumber;

    /// <inheritdoc />
    public override int EventIndex { get; protected set; } = eventIndex;

    /// <inheritdoc />
    public override bool Equals(StreamSequenceToken? other) =>
        other is not null && SequenceNumber == other.SequenceNumber && EventIndex == other.EventIndex;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    /// <inheritdoc />
    public override int CompareTo(StreamSequenceToken? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var byNumber = SequenceNumber.CompareTo(other.SequenceNumber);
        return byNumber != 0 ? byNumber : EventIndex.CompareTo(other.EventIndex);
    }

    /// <inheritdoc />
    public override string ToString() => $"{SequenceNumber}:{EventIndex}";
}
