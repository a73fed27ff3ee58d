using Loire.Commands;
using Loire.EventLog;

namespace Loire.Simulation.Workload;

/// <summary>One command of a caller, from its first attempt to the answer that the caller believed.</summary>
internal sealed class Operation(StreamName stream, object command, string? key, Guid commandId)
{
    public StreamName Stream { get; } = stream;

    public object Command { get; } = command;

    /// <summary>Its idempotency key; without one it is sent only once.</summary>
    public string? Key { get; } = key;

    /// <summary>The same in all attempts; its events carry it as their cause.</summary>
    public Guid CommandId { get; } = commandId;

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>The version that callers had been told of when it was first sent.</summary>
    public long KnownVersion { get; set; }

    /// <summary>The version that the stream had on disk when the answer came.</summary>
    public long VersionAtAnswer { get; set; }

    /// <summary><see langword="null"/> when the caller gave up without an answer.</summary>
    public CommandResult? Answer { get; set; }

    /// <summary>What the same command was answered when it was sent twice at once, if both were accepted.</summary>
    public CommandResult? OtherAnswer { get; set; }

    /// <summary>What the same command was answered when it was sent once more, long after.</summary>
    public CommandResult? LateAnswer { get; set; }

    public override string ToString() => $"{CommandNames.Of(Command)} to {Stream}";
}

internal static class CommandNames
{
    public static string Of(object command) => Serialization.CommandCodec.NameOf(command);
}
