namespace Loire.EventLog;

/// <summary>Events to append to one stream, all or none.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="ExpectedVersion">The version the stream must have: 0 when it must not exist yet.</param>
/// <param name="Events">In order. May be empty when only the receipt of <paramref name="Key"/> is to be kept.
/// The id of the first event is the commit id by which the writer finds out whether a commit
/// whose reply was lost has happened.</param>
/// <param name="Key">Makes the append idempotent.</param>
/// <param name="ExpectedEventId">If given, the id that the event at <paramref name="ExpectedVersion"/> must have; anything else
/// is a conflict. A writer that sends the next append before it knows the fate of the one before it is thereby safe from
/// another writer that has appended as many events of its own.</param>
public sealed record AppendRequest(
    StreamName Stream,
    long ExpectedVersion,
    IReadOnlyList<NewEvent> Events,
    IdempotencyKey? Key = null,
    Guid? ExpectedEventId = null);

/// <summary>Makes an append idempotent within its stream.</summary>
/// <param name="Value">The key, 1 to 255 characters.</param>
/// <param name="Fingerprint">A digest of what the key stands for: the same key with another fingerprint is refused.</param>
/// <param name="ExpiresAt">When the receipt may be forgotten; <see langword="null"/> keeps it for ever.</param>
public sealed record IdempotencyKey(string Value, ReadOnlyMemory<byte> Fingerprint, DateTimeOffset? ExpiresAt);
