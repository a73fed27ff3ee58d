namespace Loire.Gateway;

/// <summary>Limits of the gateway.</summary>
public sealed class GatewayOptions
{
    /// <summary>The largest body of a request, in bytes. Default: 1 MB (1,048,576); 1 to 67,108,864.</summary>
    public int MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>How many commands may be under way at once; those on top are answered with 429. Default: 10,000; 1 or more.</summary>
    public int MaxCommandsInFlight { get; set; } = 10_000;

    /// <summary>How long a reader waits, at most, for a view to reach the position it asks for. Default: 5 s; up to 20 s.</summary>
    public TimeSpan ViewPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The health check writes to the store at most so often; in between it reads. Default: 5 s; up to 5 minutes.</summary>
    public TimeSpan StoreWriteInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The log relay counts as stuck when it has not gone round for so long. Default: 10 s; 2 s or more.</summary>
    public TimeSpan RelayPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The durable timers count as stuck when nobody has looked at them for so long. Default: 30 s; 2 s or more.</summary>
    public TimeSpan TimerPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>So many sagas that are stuck, or have left work open, are an alert in the health report. Default: 1; 1 or more.</summary>
    public int StuckSagas { get; set; } = 1;
}
