namespace Loire.Commands;

/// <summary>Limits of the command side.</summary>
public sealed class CommandOptions
{
    /// <summary>How long receipts of accepted commands are kept. Default: 24 hours; 1 minute or more.</summary>
    public TimeSpan ReceiptRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often a command is decided when other writers get ahead of it. Default: 10; 1 or more.</summary>
    public int MaxAttempts { get; set; } = 10;
}
