namespace Loire.Queries;

/// <summary>How views are read.</summary>
public sealed class QueryOptions
{
    /// <summary>
    /// How many bytes of pages this process keeps; 0 keeps none. A page that is kept is given out again only when the store
    /// says that nothing was committed to its view since. Default: 32 MB (33,554,432); up to 1 GB.
    /// </summary>
    public long CacheBytes { get; set; } = 32 << 20;

    /// <summary>Only pages that took at least so long to read are worth it, since the store is asked each time. Default: 1 ms.</summary>
    public TimeSpan CacheAbove { get; set; } = TimeSpan.FromMilliseconds(1);
}
