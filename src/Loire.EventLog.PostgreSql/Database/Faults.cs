namespace Loire.EventLog.PostgreSql;

/// <summary>What tests make go wrong.</summary>
internal sealed class Faults
{
    /// <summary>Called before a batch of appends is sent.</summary>
    public Func<Task> BeforeSending { get; set; } = () => Task.CompletedTask;

    /// <summary>Called when the database has committed and the writer does not know it yet.</summary>
    public Func<Task> AfterCommit { get; set; } = () => Task.CompletedTask;
}
