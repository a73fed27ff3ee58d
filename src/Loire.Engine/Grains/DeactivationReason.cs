namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, exception: null, text)
    {
    }

    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>In words.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The failure that was the reason, if it was one.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc />
    public override string ToString() => $"{ReasonCode}: {Description}";
}

/// <summary>Kinds of reasons for deactivation.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason given.</summary>
    None = 0,

    /// <summary>The host stops.</summary>
    ShuttingDown = 1,

    /// <summary>Activation failed.</summary>
    ActivationFailed = 2,

    /// <summary>Not called for longer than the collection age.</summary>
    ActivationIdle = 4,

    /// <summary>The grain failed in a way that it does not survive.</summary>
    ApplicationError = 8,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested = 9,

    /// <summary>The engine asked for it.</summary>
    RuntimeRequested = 11,
}
