using System.Collections.Frozen;
using Loire.EventLog;

namespace Loire.Serialization;

/// <summary>All event types that are registered, of all aggregates and sagas.</summary>
public sealed class EventCatalog
{
    private readonly FrozenDictionary<string, EventCodec> _codecs;
    private readonly ILookup<Type, string> _names;

    /// <exception cref="InvalidOperationException">Two have the same name: their streams would be the same.</exception>
    public EventCatalog(IEnumerable<EventCodec> codecs)
    {
        var all = codecs.ToLookup(c => c.Aggregate, StringComparer.Ordinal);
        if (all.FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException(
                $"The name '{twice.Key}' is used for streams of {string.Join(" and of ", twice.Select(c => c.Root.Name))}.");
        }

        _codecs = all.ToFrozenDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        _names = _codecs.Values.SelectMany(c => c.Types).ToLookup(t => t.Value, t => t.Key);
    }

    /// <exception cref="InvalidOperationException">No events of this aggregate type are registered.</exception>
    public EventCodec Codec(string aggregate) =>
        _codecs.TryGetValue(aggregate, out var codec)
            ? codec
            : throw new InvalidOperationException($"No events of '{aggregate}' are registered.");

    /// <summary>The names under which a type of event stands in the log; sagas of several types share theirs.</summary>
    public IReadOnlyList<string> NamesOf(Type type)
    {
        var names = _names[type].Order().ToArray();
        return names.Length > 0 ? names : throw new InvalidOperationException($"The event {type} is not registered.");
    }

    public bool IsRegistered(Type type) => _names.Contains(type);

    public object Decode(RecordedEvent recorded) => Codec(recorded.Stream.Aggregate).Decode(recorded);
}
