namespace Loire.EventLog.Sqlite;

/// <summary>How far a checkpoint has come.</summary>
/// <param name="Written">Pages that the writer had written in all when it began.</param>
/// <param name="Length">Pages in the write-ahead log.</param>
/// <param name="Moved">Of these, so many from its beginning are in the file.</param>
internal sealed record WalPass(long Written, int Length, int Moved)
{
    /// <summary>Everything is in the file.</summary>
    public bool IsWhole => Length == Moved;
}
