using System.Collections.Frozen;
using Loire.EventLog;

namespace Loire.Serialization;

/// <summary>All event types that are registered, of all aggregates and sagas.</summary>
public sealed class EventCatalog
{
    private readonly FrozenDictionary<string, EventCodec> _codecs;
    private readonly ILookup<Type, string> _names;

    public EventCatalog(IEnumerable<EventCodec> codecs)
    {
        _codecs = codecs.ToFrozenDictionary(c => c.Aggregate);
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
