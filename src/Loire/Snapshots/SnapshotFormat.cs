using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Loire.Aggregates;

namespace Loire.Snapshots;

/// <summary>How the view of one kind of journaled grain becomes the payload of a snapshot, and the other way.</summary>
/// <param name="Shape">The shape of such snapshots.</param>
/// <param name="Capture">Holds on to a view as it is now; what it returns may be called later and elsewhere.</param>
/// <param name="Restore">Makes the view again.</param>
internal sealed record SnapshotFormat<TView>(
    string Shape, Func<TView, Func<ReadOnlyMemory<byte>>> Capture, Func<ReadOnlyMemory<byte>, TView> Restore);

/// <summary>Makes the formats of states that do not change once they are made.</summary>
internal static class SnapshotFormat
{
    /// <exception cref="NotSupportedException">Snapshots could not carry all of such a state.</exception>
    public static SnapshotFormat<AggregateView<TState>> OfState<TState>(string rules)
        where TState : class => new(
            StateShape.Of(typeof(TState), rules),
            view => view.State is { } state ? () => Write(state) : throw new ArgumentException("There is no state yet.", nameof(view)),
            json => new AggregateView<TState> { State = Read<TState>(json) });

    private static TState Read<TState>(ReadOnlyMemory<byte> json)
        where TState : class =>
        JsonSerializer.Deserialize<TState>(json.Span, StateJson.Options) ?? throw new JsonException("The state is null.");

    /// <summary>Writes a state, and reads it again: what does not come back as it was must not be kept.</summary>
    private static ReadOnlyMemory<byte> Write<TState>(TState state)
        where TState : class
    {
        var declared = (JsonTypeInfo<TState>)StateJson.Options.GetTypeInfo(typeof(TState));
        if (state.GetType() != typeof(TState) && declared.PolymorphismOptions is null)
        {
            throw new NotSupportedException($"The state is a {state.GetType()} where a {typeof(TState)} is expected.");
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(state, declared);
        var again = JsonSerializer.SerializeToUtf8Bytes(Read<TState>(json), declared);
        return json.AsSpan().SequenceEqual(again)
            ? json
            : throw new NotSupportedException($"A {typeof(TState)} does not come back from JSON as it was.");
    }
}
