namespace Loire.Timers;

/// <summary>Pace and limits of durable timers.</summary>
public sealed class TimerOptions
{
    /// <summary>How often the views are looked at when nothing happens. Default: 1 s; 10 ms to 1 minute.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many instances are woken at once. Default: 128; 1 to 10,000.</summary>
    public int MaxConcurrency { get; set; } = 128;

    /// <summary>How long an instance may take to answer before others get its place. Default: 5 s; more than zero.</summary>
    public TimeSpan WakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An instance that has been woken and still asks for the same time is woken again after this, then after twice as long,
    /// and so on. Default: 1 s; more than zero.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two attempts to wake such an instance. Default: 1 minute.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);
}
