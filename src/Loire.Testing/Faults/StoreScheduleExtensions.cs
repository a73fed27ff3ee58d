namespace Loire.Testing;

internal static class StoreScheduleExtensions
{
    /// <summary>Carries out an operation of a store under a schedule.</summary>
    public static async Task<T> Around<T>(
        this IStoreSchedule schedule, StoreOperationKind kind, string target, Func<Task<T>> call, CancellationToken cancellation)
    {
        var operation = new StoreOperation(kind, target);
        await schedule.Before(operation, cancellation);
        var result = await call();
        await schedule.After(operation, cancellation);
        return result;
    }
}
