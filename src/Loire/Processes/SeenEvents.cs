using System.Collections.Immutable;

namespace Loire.Processes;

/// <summary>
/// Which events a process has seen: the last version of each stream, since the events of a stream come in order. It is
/// bounded, and tells for sure what is new; whether the rest is old, the process's own stream tells.
/// </summary>
public sealed record SeenEvents
{
    private const int MaxStreams = 1_000;

    public static readonly SeenEvents None = new();

    private SeenEvents()
    {
    }

    private ImmutableDictionary<string, (long Version, long Position)> Streams { get; init; } =
        ImmutableDictionary.Create<string, (long, long)>(StringComparer.Ordinal);

    // Streams that are forgotten were last seen at or before this position.
    private long ForgottenThrough { get; init; }

    /// <summary>Whether an event cannot have been seen. If it can, it is old, or it was held back while others went on.</summary>
    internal bool IsNew(ProcessInput input) => Streams.TryGetValue(input.Stream!, out var last)
        ? input.Version > last.Version
        : input.Position > ForgottenThrough;

    internal SeenEvents With(ProcessInput input)
    {
        if (input.Stream is not { } stream || (Streams.TryGetValue(stream, out var last) && last.Version >= input.Version))
        {
            return this;
        }

        var streams = Streams.SetItem(stream, (input.Version, input.Position));
        if (streams.Count <= MaxStreams)
        {
            return this with { Streams = streams };
        }

        var oldest = streams.MinBy(s => s.Value.Position);
        return new SeenEvents
        {
            Streams = streams.Remove(oldest.Key),
            ForgottenThrough = Math.Max(ForgottenThrough, oldest.Value.Position),
        };
    }
}
