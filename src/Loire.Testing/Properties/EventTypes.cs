using System.Text.Json;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing;

/// <summary>All event types of a domain, to be checked at once.</summary>
public sealed class EventTypes
{
    private readonly IReadOnlyList<EventCodec> _codecs;
    private readonly Samples _samples = new();

    private EventTypes(IReadOnlyList<EventCodec> codecs) => _codecs = codecs;

    /// <summary>The events of everything that is registered: aggregates, sagas, journaled grains.</summary>
    /// <param name="loire">Registers it, as in a silo.</param>
    public static EventTypes Of(Action<LoireBuilder> loire)
    {
        var services = new ServiceCollection();
        loire(new LoireBuilder(services));
        using var provider = services.BuildServiceProvider();
        return new EventTypes([.. provider.GetServices<EventCodec>().OrderBy(c => c.Aggregate, StringComparer.Ordinal)]);
    }

    /// <summary>The events of one aggregate.</summary>
    /// <typeparam name="TEvent">Base of its events.</typeparam>
    public static EventTypes Of<TEvent>() => new([new EventCodec("aggregate", typeof(TEvent))]);

    /// <summary>A value to use wherever one of its type is needed, where none can be made.</summary>
    public EventTypes With<T>(T sample)
        where T : notnull
    {
        _samples.Give(typeof(T), sample);
        return this;
    }

    /// <summary>
    /// Every event type comes back from its stored form as it went in, with every member filled and with as little as it may
    /// have.
    /// </summary>
    /// <returns>The names of the types, in the order in which they were checked.</returns>
    /// <exception cref="SpecificationException">Some do not, or no sample of one can be made.</exception>
    public IReadOnlyList<string> RoundTrip()
    {
        var names = new List<string>();
        var failures = new List<object>();
        foreach (var codec in _codecs)
        {
            foreach (var (name, type) in codec.Types.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                names.Add(name);
                if (Check(codec, type) is { } failure)
                {
                    failures.Add($"{name}: {failure}");
                }
            }
        }

        return failures.Count == 0
            ? names
            : throw new Report("Not every event type comes back from its stored form as it went in.").With("events", failures).ToException();
    }

    private string? Check(EventCodec codec, Type type)
    {
        try
        {
            Check(codec, _samples.Make(type, filled: true));
            Check(codec, _samples.Make(type, filled: false));
            return null;
        }
        catch (SpecificationException e)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    private static void Check(EventCodec codec, object sample)
    {
        var restored = StoredForm.Of(codec, sample);
        var (first, second) = (Stored(codec, sample), Stored(codec, restored));
        if (Difference.Between("stored form", first, second) is { } difference)
        {
            throw new SpecificationException(difference);
        }
    }

    private static JsonElement Stored(EventCodec codec, object e) =>
        JsonElement.Parse(codec.Encode(e, DateTimeOffset.UnixEpoch, EventMetadata.None).Data.Span);
}
