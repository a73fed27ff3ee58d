namespace Loire.EventLog;

public enum ReadDirection
{
    Forwards,
    Backwards,
}

/// <summary>A part of one stream.</summary>
/// <param name="Events">In the direction of reading.</param>
/// <param name="Next">The version to go on from; <see langword="null"/> at the end.</param>
/// <param name="Version">The version of the stream when it was read; 0 when it never existed.</param>
public sealed record StreamPage(IReadOnlyList<RecordedEvent> Events, long? Next, long Version);

/// <summary>A part of the log.</summary>
/// <param name="Events">The matching events in log order.</param>
/// <param name="Through">The log was examined up to here (inclusive), so reading goes on after it and misses nothing.</param>
/// <param name="Head">The last position of the log when it was read.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long Through, long Head);
