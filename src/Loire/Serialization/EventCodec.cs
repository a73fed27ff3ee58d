using System.Collections.Frozen;
using System.Text.Json;
using Loire.EventLog;

namespace Loire.Serialization;

/// <summary>Turns the events of one aggregate type into their stored form and back.</summary>
public sealed class EventCodec
{
    private readonly FrozenDictionary<string, Type> _types;
    private readonly FrozenDictionary<Type, string> _names;

    /// <param name="aggregate">Aggregate type; event names begin with it: <c>order.placed</c>.</param>
    /// <param name="root">Base of the events.</param>
    public EventCodec(string aggregate, Type root)
    {
        (Aggregate, Root) = (aggregate, root);
        _types = NestedTypes.Of(root).ToFrozenDictionary(t => $"{aggregate}.{t.Key}", t => t.Value);
        _names = _types.ToFrozenDictionary(t => t.Value, t => t.Key);
    }

    public string Aggregate { get; }

    /// <summary>Base of the events.</summary>
    internal Type Root { get; }

    /// <summary>Event types by name.</summary>
    public IReadOnlyDictionary<string, Type> Types => _types;

    public string NameOf(Type type) => _names[type];

    public NewEvent Encode(object @event, DateTimeOffset occurredAt, EventMetadata metadata)
    {
        var type = @event.GetType();
        return new NewEvent(
            Guid.CreateVersion7(occurredAt),
            _names[type],
            SchemaVersion: 1,
            occurredAt,
            JsonSerializer.SerializeToUtf8Bytes(@event, type, LoireJson.Stored),
            metadata);
    }

    /// <exception cref="UnreadableEventException">The type is unknown or the payload does not fit it.</exception>
    public object Decode(RecordedEvent recorded)
    {
        if (!_types.TryGetValue(recorded.Type, out var type))
        {
            throw new UnreadableEventException(recorded, "no such event type is registered");
        }

        try
        {
            return JsonSerializer.Deserialize(recorded.Data.Span, type, LoireJson.Stored)
                ?? throw new UnreadableEventException(recorded, "its payload is null");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException(recorded, e.Message, e);
        }
    }
}

/// <summary>An event in the log cannot be read by the types that are registered.</summary>
public sealed class UnreadableEventException(RecordedEvent recorded, string reason, Exception? inner = null)
    : Exception($"Event {recorded.Position} ({recorded.Type}, {recorded.Stream} version {recorded.Version}) cannot be read: {reason}.", inner);
