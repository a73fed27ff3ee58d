namespace Loire.Commands;

/// <summary>A command on its way to an aggregate.</summary>
/// <param name="Name">The command's name in kebab-case, e.g. <c>place</c>.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="Headers">Everything else that goes with it.</param>
[GenerateSerializer, Immutable, Alias("loire.command-message")]
public sealed record CommandMessage(
    [property: Id(0)] string Name,
    [property: Id(1)] ReadOnlyMemory<byte> Payload,
    [property: Id(2)] CommandHeaders Headers);

/// <summary>What goes with a command beside its payload.</summary>
[GenerateSerializer, Immutable, Alias("loire.command-headers")]
public sealed record CommandHeaders
{
    /// <summary>Identifies the command; the cause of its events.</summary>
    [Id(0)]
    public required Guid CommandId { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    [Id(1)]
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Makes a repeated command harmless; its scope is one aggregate. 1 to 255 characters.</summary>
    [Id(2)]
    public string? IdempotencyKey { get; init; }

    /// <summary>Keeps the receipt for ever instead of <see cref="CommandOptions.ReceiptRetention"/>.</summary>
    [Id(3)]
    public bool KeepReceipt { get; init; }

    /// <summary>The version the aggregate must have for the command to be decided at all.</summary>
    [Id(4)]
    public long? ExpectedVersion { get; init; }

    [Id(5)]
    public string? CorrelationId { get; init; }

    /// <summary>What led to the command; its own id stands in for it where there is nothing else.</summary>
    [Id(6)]
    public string? CausationId { get; init; }

    [Id(7)]
    public string? UserId { get; init; }

    /// <summary>W3C trace context.</summary>
    [Id(8)]
    public string? TraceParent { get; init; }

    [Id(9)]
    public string? Tenant { get; init; }

    /// <summary>
    /// Withdraws the command that has this <see cref="IdempotencyKey"/>: if it has not taken effect yet, it never will, for
    /// the key then stands for a receipt without events. If it has, nothing changes, and its receipt is the answer.
    /// </summary>
    [Id(10)]
    public bool Withdraw { get; init; }
}
