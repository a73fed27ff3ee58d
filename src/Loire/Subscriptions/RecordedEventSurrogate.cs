using Loire.EventLog;

namespace Loire.Subscriptions;

/// <summary>The form in which <see cref="RecordedEvent"/>, which knows nothing of grains, crosses between silos.</summary>
[GenerateSerializer, Immutable, Alias("loire.recorded-event")]
internal struct RecordedEventSurrogate
{
    [Id(0)] public long Position;
    [Id(1)] public Guid EventId;
    [Id(2)] public string Aggregate;
    [Id(3)] public string Id;
    [Id(4)] public long Version;
    [Id(5)] public string Type;
    [Id(6)] public int SchemaVersion;
    [Id(7)] public DateTimeOffset OccurredAt;
    [Id(8)] public ReadOnlyMemory<byte> Data;
    [Id(9)] public string? UserId;
    [Id(10)] public string? CorrelationId;
    [Id(11)] public string? CausationId;
    [Id(12)] public string? TraceParent;
    [Id(13)] public string? Tenant;
}

[RegisterConverter]
internal sealed class RecordedEventConverter : IConverter<RecordedEvent, RecordedEventSurrogate>
{
    public RecordedEvent ConvertFromSurrogate(in RecordedEventSurrogate surrogate) => new(
        surrogate.Position,
        surrogate.EventId,
        new StreamName(surrogate.Aggregate, surrogate.Id),
        surrogate.Version,
        surrogate.Type,
        surrogate.SchemaVersion,
        surrogate.OccurredAt,
        surrogate.Data,
        new EventMetadata(
            surrogate.UserId, surrogate.CorrelationId, surrogate.CausationId, surrogate.TraceParent, surrogate.Tenant));

    public RecordedEventSurrogate ConvertToSurrogate(in RecordedEvent value) => new()
    {
        Position = value.Position,
        EventId = value.EventId,
        Aggregate = value.Stream.Aggregate,
        Id = value.Stream.Id,
        Version = value.Version,
        Type = value.Type,
        SchemaVersion = value.SchemaVersion,
        OccurredAt = value.OccurredAt,
        Data = value.Data,
        UserId = value.Metadata.UserId,
        CorrelationId = value.Metadata.CorrelationId,
        CausationId = value.Metadata.CausationId,
        TraceParent = value.Metadata.TraceParent,
        Tenant = value.Metadata.Tenant,
    };
}
