using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>
/// Folds the log into a generation, in large pages: while one is handled, the next is read and the one before is written.
/// Each page counts once, whoever else does the same: documents and checkpoint are written together.
/// </summary>
internal sealed class GenerationFill
{
    private readonly IEventLog _log;
    private readonly RebuildOptions _options;
    private readonly LogFilter _filter;
    private readonly FillLane[] _lanes;

    public GenerationFill(
        Projection projection,
        EventCatalog catalog,
        IEventLog log,
        IViewStore store,
        RebuildOptions options,
        int generation,
        IReadOnlyList<int> partitions,
        FillRules rules)
    {
        (_log, _options) = (log, options);
        _filter = new LogFilter { Types = [.. projection.EventTypes.SelectMany(catalog.NamesOf)] };
        _lanes = [.. partitions.Select(partition => new FillLane(
            new ProjectionFold(projection, catalog, store, new SessionScope(generation, partition, projection.Partitions)
            {
                Stamped = rules.Audited is not null,
                MaxDocuments = Math.Max(1, options.MaxDocuments / partitions.Count),
                MaxBytes = Math.Max(1, options.MaxBytes / partitions.Count),
            }),
            store,
            rules,
            projection.View.StoreName))];
    }

    /// <summary>Whether others append to the log, and would wait for large pages.</summary>
    public bool BesideOthers { get; set; }

    private int PageSize => BesideOthers ? Math.Min(_options.PageSizeBesideOthers, _options.PageSize) : _options.PageSize;

    /// <summary>All partitions have handled the log up to here.</summary>
    public long Position => _lanes.Min(lane => lane.Position);

    /// <summary>Makes the tables ready and finds where they stand.</summary>
    public async Task Open(CancellationToken cancellation)
    {
        foreach (var lane in _lanes)
        {
            await lane.Open(cancellation);
        }
    }

    /// <summary>Folds the log up to a position, which it must have reached, and writes all of it.</summary>
    /// <param name="position">The position.</param>
    /// <param name="progress">Awaited after each page.</param>
    /// <param name="cancellation">Gives up after the page that is being handled.</param>
    public async Task Through(long position, Func<Task>? progress, CancellationToken cancellation)
    {
        Task<LogPage>? reading = null;
        try
        {
            while (Position < position)
            {
                var page = Upto(position, await (reading ?? Read(Position, cancellation)));
                reading = page.Through < position ? Read(page.Through, cancellation) : null;
                foreach (var lane in _lanes)
                {
                    await lane.Handle(page, cancellation);
                }

                if (progress is not null)
                {
                    await progress();
                }

                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await Task.WhenAll(_lanes.Select(lane => lane.Written()).Append(Ignored(reading)));
        }
    }

    /// <inheritdoc cref="LaneLetters.Adopt"/>
    public async Task Adopt(CancellationToken cancellation)
    {
        foreach (var lane in _lanes)
        {
            await lane.Adopt(cancellation);
        }
    }

    /// <inheritdoc cref="LaneLetters.Retry"/>
    public async Task Retry(CancellationToken cancellation)
    {
        foreach (var lane in _lanes.Where(lane => lane.HoldsBack))
        {
            await lane.Retry(cancellation);
        }
    }

    private Task<LogPage> Read(long after, CancellationToken cancellation) =>
        Task.Run(() => _log.ReadAll(after, _filter, PageSize, cancellation), cancellation);

    // Where the position is reached in the middle of a page, the rest is left for later.
    private static LogPage Upto(long position, LogPage page) => page.Through <= position
        ? page
        : page with { Events = [.. page.Events.Where(e => e.Position <= position)], Through = position };

    // A page that nobody wants any more; what became of it does not matter.
    private static Task Ignored(Task<LogPage>? reading) =>
        reading is null ? Task.CompletedTask : reading.ContinueWith(_ => { }, TaskScheduler.Default);
}
