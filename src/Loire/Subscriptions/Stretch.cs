using Loire.EventLog;

namespace Loire.Subscriptions;

/// <summary>A stretch of the log as one subscription sees it.</summary>
/// <param name="Events">The events it wants.</param>
/// <param name="Through">The last position of the stretch.</param>
internal sealed record Stretch(IReadOnlyList<RecordedEvent> Events, long Through)
{
    /// <summary>
    /// The parts in which to take it after a failure, the last one first: what is before the guilty event, the event by itself,
    /// and what is after it. If nobody says which event it is, halves.
    /// </summary>
    public IReadOnlyList<Stretch> Around(RecordedEvent? guilty, RecordedEvent middle)
    {
        var at = IndexOf(guilty ?? middle);
        return guilty is null || at < 0
            ? [From(IndexOf(middle)), Until(IndexOf(middle))]
            : [.. Parts(From(at + 1), new Stretch([Events[at]], Events[at].Position), Until(at))];
    }

    // A part without events counts only where it leads on to the end.
    private IEnumerable<Stretch> Parts(params Stretch[] parts) => parts.Where(p => p.Events.Count > 0 || p.Through > Events[^1].Position);

    private Stretch Until(int index) => new([.. Events.Take(index)], index == 0 ? Events[0].Position - 1 : Events[index - 1].Position);

    private Stretch From(int index) => new([.. Events.Skip(index)], Through);

    private int IndexOf(RecordedEvent? e)
    {
        for (var i = 0; i < Events.Count; i++)
        {
            if (Events[i].Position == e?.Position)
            {
                return i;
            }
        }

        return -1;
    }
}
