using System.Text.Json;
using Loire.EventLog;
using Loire.Serialization;
using Loire.Snapshots;

namespace Loire.Aggregates;

/// <summary>What the platform knows of one aggregate type without waking a grain.</summary>
public abstract class AggregateDefinition(string name, CommandCodec commands, EventCodec events)
{
    /// <summary>Aggregate type; the grain type of its grains.</summary>
    public string Name { get; } = name;

    public CommandCodec Commands { get; } = commands;

    public EventCodec Events { get; } = events;

    /// <summary>The state after events, as camelCase JSON.</summary>
    public abstract JsonElement Fold(IEnumerable<RecordedEvent> events);

    /// <inheritdoc cref="AggregateReader.Read"/>
    internal abstract Task<AggregateReading?> Read(
        StreamName stream, IEventLog log, SnapshotRegistry snapshots, CancellationToken cancellation);

    /// <summary>The <see cref="SnapshotFormat{TView}"/> of its grains' views.</summary>
    /// <param name="rulesVersion">As in <see cref="SnapshotOptions.RulesVersion"/>.</param>
    /// <exception cref="NotSupportedException">Snapshots could not carry all of its state.</exception>
    internal abstract object SnapshotFormat(int? rulesVersion);

    /// <summary>Describes an aggregate by its grain class, which derives from <see cref="AggregateGrain{TCommand,TState,TEvent}"/>.</summary>
    internal static AggregateDefinition Of(Type grain, IServiceProvider services)
    {
        var arguments = ArgumentsOf(grain);
        var definition = typeof(AggregateDefinition<,,>).MakeGenericType(arguments);
        var decider = services.GetService(typeof(IDecider<,,>).MakeGenericType(arguments))
            ?? throw new InvalidOperationException($"No decider is registered for {grain}.");
        return (AggregateDefinition)Activator.CreateInstance(definition, NameOf(grain), decider)!;
    }

    internal static Type[] ArgumentsOf(Type grain)
    {
        for (var type = grain; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(AggregateGrain<,,>))
            {
                return type.GetGenericArguments();
            }
        }

        throw new ArgumentException($"{grain} does not derive from AggregateGrain.", nameof(grain));
    }

    /// <summary>The name that <c>[GrainType("order")]</c> gives.</summary>
    internal static string NameOf(Type grain) =>
        grain.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType == typeof(GrainTypeAttribute))
            ?.ConstructorArguments[0].Value as string
        ?? throw new ArgumentException($"{grain} needs a [GrainType(\"…\")] that names its aggregate type.", nameof(grain));
}

public sealed class AggregateDefinition<TCommand, TState, TEvent>(string name, IDecider<TCommand, TState, TEvent> decider)
    : AggregateDefinition(name, new CommandCodec(typeof(TCommand)), new EventCodec(name, typeof(TEvent)))
    where TState : class
    where TEvent : class
{
    public IDecider<TCommand, TState, TEvent> Decider { get; } = decider;

    public override JsonElement Fold(IEnumerable<RecordedEvent> events) => Json(Fold(Decider.Initial, events));

    internal override async Task<AggregateReading?> Read(
        StreamName stream, IEventLog log, SnapshotRegistry snapshots, CancellationToken cancellation)
    {
        var kept = snapshots.Of<AggregateView<TState>>(stream);
        var (from, events) = kept is null
            ? (null, await log.Load(stream, cancellation: cancellation))
            : await kept.Load(cancellation);
        if (events is not [.., var last])
        {
            return from is null ? null : new AggregateReading(from.Version, Json(from.View.State!));
        }

        var state = Fold(from?.View.State ?? Decider.Initial, events);
        if (from is null)
        {
            kept?.Offer(new AggregateView<TState> { State = state }, last.Version, last.EventId);
        }

        return new AggregateReading(last.Version, Json(state));
    }

    internal override object SnapshotFormat(int? rulesVersion) =>
        Snapshots.SnapshotFormat.OfState<TState>(rulesVersion is { } given ? $"v{given}" : BuildOfRules());

    private TState Fold(TState from, IEnumerable<RecordedEvent> events) =>
        events.Aggregate(from, (state, e) => Decider.Evolve(state, (TEvent)Events.Decode(e)));

    private static JsonElement Json(TState state) => JsonSerializer.SerializeToElement(state, LoireJson.Stored);

    // A build with other rules, or with another way to read events, has other ids.
    private string BuildOfRules() => string.Join(
        ' ',
        new[] { Decider.GetType(), typeof(TState), typeof(TEvent), typeof(EventCodec) }.Select(t => t.Module.ModuleVersionId).Distinct());
}
