using System.Collections.Concurrent;
using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.Queries;

/// <summary>Which generation of each view is the live one, as far as this process knows: at most half a second old.</summary>
internal sealed class LiveGenerations(IViewStore store, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(500);

    private readonly GenerationTable _table = new(store);
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The generations of a view; <see langword="null"/> as long as nobody has written to it.</summary>
    /// <param name="view">Name of the view that the projection is named after.</param>
    /// <param name="fresh">Whether to ask the store in any case.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<ViewGenerations?> Of(string view, bool fresh, CancellationToken cancellation)
    {
        if (!fresh && _known.TryGetValue(view, out var known) && time.GetElapsedTime(known.ReadAt) < MaxAge)
        {
            return known.Generations;
        }

        var readAt = time.GetTimestamp();
        var read = new Known(await _table.Find(view, cancellation), readAt);

        // What is known never goes back, whoever was faster.
        return _known.AddOrUpdate(view, read, (_, other) => other.Revision > read.Revision ? other : read).Generations;
    }

    private sealed record Known(ViewGenerations? Generations, long ReadAt)
    {
        public long Revision => Generations?.Revision ?? 0;
    }
}
