namespace Loire.EventLog.ContractTests.Sqlite;

internal static class Fault
{
    /// <summary>What happens the first time only.</summary>
    public static Action Once(Action fault)
    {
        var left = 1;
        return () =>
        {
            if (Interlocked.Exchange(ref left, 0) == 1)
            {
                fault();
            }
        };
    }
}
