namespace Loire.Engine;

internal static class Failures
{
    /// <summary>The exception that awaiting a failed or cancelled task would throw.</summary>
    public static Exception Of(Task task) =>
        task.Exception is { } failure ? failure.InnerException ?? failure : new TaskCanceledException(task);
}
