using Loire.EventLog;

namespace Loire.DeadLetters;

/// <summary>The aggregates whose events wait, each with the event that holds it back. All of it is in documents too.</summary>
internal sealed class HeldBack
{
    private readonly Dictionary<StreamName, Head> _heads = [];

    public int Count => _heads.Count;

    public bool Contains(StreamName stream) => _heads.ContainsKey(stream);

    public void Clear() => _heads.Clear();

    /// <summary>Remembers which letter is the first of its line.</summary>
    public void Set(DeadLetter head) => _heads[head.Stream] = new Head(head.Position, head.NextAttemptAt);

    public void Release(StreamName stream) => _heads.Remove(stream);

    /// <summary>Tries one later than it should be, because something else is in the way.</summary>
    public void Postpone(StreamName stream, DateTimeOffset until) => _heads[stream] = _heads[stream] with { NextAttemptAt = until };

    /// <summary>Those that are to be tried again, longest due first.</summary>
    public IReadOnlyList<StreamName> Due(DateTimeOffset now) =>
    [
        .. _heads.Where(h => h.Value.NextAttemptAt <= now)
            .OrderBy(h => h.Value.NextAttemptAt).ThenBy(h => h.Value.Position).Select(h => h.Key),
    ];

    /// <summary>When the next of them is to be tried again; <see langword="null"/> if none is.</summary>
    public DateTimeOffset? NextDue => _heads.Count == 0 ? null : _heads.Values.Min(h => h.NextAttemptAt);

    /// <summary>All of them, in order of their events.</summary>
    public IReadOnlyList<StreamName> All() => [.. _heads.OrderBy(h => h.Value.Position).Select(h => h.Key)];

    public long? PositionOf(StreamName stream) => _heads.TryGetValue(stream, out var head) ? head.Position : null;

    private sealed record Head(long Position, DateTimeOffset? NextAttemptAt);
}
