namespace Loire.EventLog.Sqlite;

/// <summary>What tests make go wrong.</summary>
internal sealed class Faults
{
    /// <summary>The size at which the disk is full, in pages; <see langword="null"/> for no limit.</summary>
    public long? MaxPages { get; set; }

    /// <summary>Called before a commit is given to the database.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Called when the database has committed and the writer does not know it yet.</summary>
    public Action? AfterCommit { get; set; }

    /// <summary>Called before the writer opens its connection.</summary>
    public Action? BeforeOpen { get; set; }
}
