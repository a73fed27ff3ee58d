using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Loire.Projections;

/// <summary>Feeds the live generation of a projection's view, and lets others take over.</summary>
internal sealed class ProjectionHandler(
    Projection projection,
    EventCatalog catalog,
    IViewStore store,
    IEventLog? log,
    TimeProvider time,
    RebuildOptions options,
    Func<FillFailures>? failures = null,
    ILogger? logger = null)
    : IGenerationHandler
{
    private readonly GenerationTable _generations = new(store);
    private readonly GenerationKeeper _keeper = new(projection, new GenerationTable(store), store, time, logger ?? NullLogger.Instance);
    private readonly HashSet<int> _opened = [];
    private ProjectionFold? _fold;
    private int _partition;

    /// <summary>Without a log, and so without other generations.</summary>
    public ProjectionHandler(Projection projection, EventCatalog catalog, IViewStore store)
        : this(projection, catalog, store, log: null, TimeProvider.System, new RebuildOptions())
    {
    }

    public string CheckpointName => _fold?.CheckpointName ?? projection.View.StoreName;

    public ViewSchema Table => _fold?.Table ?? projection.View;

    public string? Waiting { get; private set; }

    public static SubscriptionDefinition Subscribe(Projection projection, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<EventCatalog>();
        return new SubscriptionDefinition(
            projection.View.StoreName,
            Kind: "projection",
            projection.Partitions,
            new LogFilter { Types = [.. projection.EventTypes.SelectMany(catalog.NamesOf)] },
            () => new ProjectionHandler(
                projection,
                catalog,
                services.GetRequiredService<IViewStore>(),
                services.GetService<IEventLog>(),
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetService<IOptions<RebuildOptions>>()?.Value ?? new RebuildOptions(),
                () => FillFailures.Of(projection, services),
                services.GetService<ILogger<ProjectionHandler>>()))
        {
            DeclaredBy = projection.GetType().Name,
            View = projection.View.Name,
            SharesEvents = true,
            ReadCheckpoint = (partition, cancellation) =>
                Checkpoint(projection, partition, services.GetRequiredService<IViewStore>(), cancellation),
        };
    }

    public void Assign(int partition) => _partition = partition;

    public async Task Prepare(CancellationToken cancellation)
    {
        var generations = await _generations.Of(projection, cancellation);
        var live = generations.Live;
        _fold = new ProjectionFold(projection, catalog, store, ScopeOf(live.Number));
        Waiting = await Reason(generations, cancellation);
        if (Waiting is null)
        {
            _opened.Add(live.Number);
            await _fold.Prepare(cancellation);
        }

        await DropUnused(cancellation);
    }

    public Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation) =>
        _fold!.Handle(events, cancellation);

    public void Committed() => _fold!.Committed();

    public async Task<bool> IsLive(CancellationToken cancellation) =>
        (await _generations.Of(projection, cancellation)).Live.CheckpointName == CheckpointName;

    public async Task CatchUp(int generation, long position, CancellationToken cancellation)
    {
        var generations = await _generations.Of(projection, cancellation);
        if (generations.Live.Number == generation)
        {
            return;
        }

        if (generations.Next != generation)
        {
            throw new GenerationGivenUpException(projection.View.Name, generation);
        }

        _opened.Add(generation);
        var fill = new GenerationFill(projection, catalog, Log, store, options, generation, [_partition], FillRules.Rebuild(Failures, generations.Live));
        await fill.Open(cancellation);
        if ((await _generations.Of(projection, cancellation)).Next != generation)
        {
            // It may have been dropped meanwhile, and its tables have been made again. Once they are there, who writes to them is
            // refused when they are gone.
            throw new GenerationGivenUpException(projection.View.Name, generation);
        }

        await fill.Through(Math.Max(position, await Reached(generations.Live, cancellation)), progress: null, cancellation);

        // Nothing is decided about the letters of this partition while it stands still. A take-over that goes on may have been
        // interrupted for long: what the view has handled meanwhile must not come back as set aside.
        await (generations.TakingOver ? fill.Retry(cancellation) : fill.Adopt(cancellation));
    }

    public Task Switch(int generation, CancellationToken cancellation) =>
        new GenerationSwitch(projection, store, _generations, time, options.Grace).To(generation, cancellation);

    // Somebody may have dropped a generation while this made it ready for use, and so made its tables again.
    private async Task DropUnused(CancellationToken cancellation)
    {
        foreach (var number in _opened.ToList())
        {
            if (await _keeper.DropIfUnused(number, cancellation))
            {
                _opened.Remove(number);
            }
        }
    }

    private FillFailures Failures => failures?.Invoke() ?? throw new InvalidOperationException("There is no policy to fill a generation by.");

    private IEventLog Log => log ?? throw new InvalidOperationException("There is no log to fill a generation from.");

    private static async Task<long> Checkpoint(Projection projection, int partition, IViewStore store, CancellationToken cancellation)
    {
        var live = (await new GenerationTable(store).Find(projection.View.Name, cancellation))?.Live;
        var name = live?.CheckpointName ?? projection.View.StoreName;
        return ClosedCheckpoint.PositionOf(await store.Checkpoint(name, partition, cancellation));
    }

    // The same partition of the generation before. Where that was divided otherwise, all of it.
    private async Task<long> Reached(Generation live, CancellationToken cancellation)
    {
        var partitions = live.Partitions == projection.Partitions ? [_partition] : Enumerable.Range(0, live.Partitions);
        var checkpoints = await Task.WhenAll(partitions.Select(p => store.Checkpoint(live.CheckpointName, p, cancellation)));
        return checkpoints.Max(ClosedCheckpoint.PositionOf);
    }

    private async Task<string?> Reason(ViewGenerations generations, CancellationToken cancellation)
    {
        var live = generations.Live;
        return live.Version < projection.Version ? $"Version {projection.Version} is being filled beside version {live.Version}."
            : live.Version > projection.Version ? $"The view is at version {live.Version}, and this program knows {projection.Version}."
            : live.Partitions != projection.Partitions
                ? $"The view has {live.Partitions} partitions and its projection {projection.Partitions}: rebuild it."
            : ClosedCheckpoint.IsClosed(await store.Checkpoint(live.CheckpointName, _partition, cancellation))
                ? $"Generation {generations.Next} is taking over."
            : null;
    }

    private SessionScope ScopeOf(int generation) => new(generation, _partition, projection.Partitions);
}
