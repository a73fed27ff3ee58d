namespace Loire.EventLog;

/// <summary>What became of an append. A storage failure is no result: it is a <see cref="StoreUnavailableException"/>.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>The events are on disk.</summary>
    /// <param name="Receipt">What was appended.</param>
    /// <param name="Replayed">An earlier append with the same key had done it already; nothing was added now.</param>
    public sealed record Appended(Receipt Receipt, bool Replayed) : AppendResult;

    /// <summary>The stream has moved: nothing was appended.</summary>
    /// <param name="CurrentVersion">The version the stream has.</param>
    public sealed record Conflict(long CurrentVersion) : AppendResult;

    /// <summary>The key was used before with another fingerprint: nothing was appended.</summary>
    public sealed record KeyReused : AppendResult
    {
        public static readonly KeyReused Instance = new();
    }
}

/// <summary>Proof of an append.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The version of the stream after the append.</param>
/// <param name="Position">The position of the last event appended; of the stream's last event if none was; 0 in an empty stream.</param>
/// <param name="Events">What was appended, in order.</param>
public sealed record Receipt(StreamName Stream, long Version, long Position, IReadOnlyList<ReceiptEvent> Events);

public sealed record ReceiptEvent(Guid EventId, string Type, long Version);
