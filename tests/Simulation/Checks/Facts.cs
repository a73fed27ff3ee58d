using Loire.EventLog;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>The log as it is in the end.</summary>
/// <param name="All">Every event, in order.</param>
/// <param name="Services">Of a silo: what the domain consists of.</param>
internal sealed record Facts(IReadOnlyList<RecordedEvent> All, IServiceProvider Services)
{
    private readonly ILookup<StreamName, RecordedEvent> _streams = All.ToLookup(e => e.Stream);
    private readonly EventCatalog _catalog = Services.GetRequiredService<EventCatalog>();

    public IEnumerable<StreamName> Streams => _streams.Select(s => s.Key);

    public IReadOnlyList<RecordedEvent> Stream(StreamName name) => [.. _streams[name]];

    public object Decode(RecordedEvent e) => _catalog.Decode(e);

    /// <summary>The events of one aggregate, decoded, with their positions.</summary>
    public IReadOnlyList<(long Position, object Event)> Of(string aggregate, string id) =>
        [.. _streams[new StreamName(aggregate, id)].Select(e => (e.Position, Decode(e)))];

    public static async Task<Facts> Read(IEventLog log, IServiceProvider services) =>
        new((await log.ReadAll(0, LogFilter.All, int.MaxValue)).Events, services);
}
