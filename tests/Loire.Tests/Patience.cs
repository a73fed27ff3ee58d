namespace Loire.Tests;

/// <summary>Calls again where a silo that has ended, or a cluster that has not yet found out, stood in the way.</summary>
internal static class Patience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">The limit was reached, and that was what the last call said.</exception>
    public static async Task<T> Until<T>(TimeSpan limit, Func<Task<T>> call)
    {
        using var end = new CancellationTokenSource(limit);
        while (true)
        {
            try
            {
                return await call().WaitAsync(end.Token);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException && !end.IsCancellationRequested)
            {
                await Task.Delay(Pause, end.Token);
            }
        }
    }
}
