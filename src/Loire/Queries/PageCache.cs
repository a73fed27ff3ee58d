using System.Globalization;
using System.Text;
using Loire.EventLog.Views;
using Microsoft.Extensions.Options;

namespace Loire.Queries;

/// <summary>
/// Keeps pages that are dear to read, with the stamp that their view had before they were read: as long as the view has that
/// stamp, nothing was committed to it since. Those used last stay, up to a number of bytes.
/// </summary>
internal sealed class PageCache(IViewStore store, TimeProvider time, IOptions<QueryOptions> options)
{
    private const int EntryOverhead = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private readonly long _capacity = options.Value.CacheBytes;
    private readonly TimeSpan _above = options.Value.CacheAbove;
    private long _bytes;

    /// <summary>A page of a view, as it was kept or as it is read now.</summary>
    /// <param name="view">The generation that is read.</param>
    /// <param name="checkpoint">The name under which its documents are committed.</param>
    /// <param name="query">The query.</param>
    /// <param name="read">Reads the page.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ViewPage> Read(
        ViewSchema view, string checkpoint, ViewQuery query, Func<Task<ViewPage>> read, CancellationToken cancellation)
    {
        if (_capacity == 0)
        {
            return await read();
        }

        // The first time it is only seen how long it takes: who asks once pays for nothing.
        var key = Key(view, query);
        var entry = Find(key);
        if (entry is { Dear: false })
        {
            return await read();
        }

        var stamp = entry is null ? null : await store.Stamp(checkpoint, cancellation);
        if (entry?.Page is not null && entry.Stamp == stamp)
        {
            return entry.Page;
        }

        var started = time.GetTimestamp();
        var page = await read();
        Keep(stamp is null
            ? new Entry(key, time.GetElapsedTime(started) >= _above, Stamp: null, Page: null)
            : new Entry(key, Dear: true, stamp, page));
        return page;
    }

    private Entry? Find(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    private void Keep(Entry entry)
    {
        lock (_gate)
        {
            if (_entries.Remove(entry.Key, out var before))
            {
                Remove(before);
            }

            // One page must not drive out all others.
            if (entry.Bytes <= _capacity / 4)
            {
                _entries.Add(entry.Key, _byUse.AddFirst(entry));
                _bytes += entry.Bytes;
            }

            while (_bytes > _capacity)
            {
                var last = _byUse.Last!;
                _entries.Remove(last.Value.Key);
                Remove(last);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }

    // Every part that may hold anything is preceded by its length.
    private static string Key(ViewSchema view, ViewQuery query)
    {
        var key = new StringBuilder(view.StoreName);
        foreach (var condition in query.Conditions)
        {
            Add($"{condition.Field.Name} {condition.Comparison}");
            Add(Convert.ToString(condition.Value, CultureInfo.InvariantCulture));
        }

        key.Append(CultureInfo.InvariantCulture, $" {(query.Descending ? '-' : '+')} {query.Limit}{(query.CountTotal ? " counted" : "")}");
        Add(query.IdFrom);
        Add(query.IdTo);
        Add(query.Sort?.Name);
        Add(query.Search);
        Add(query.Cursor);
        return key.ToString();

        void Add(string? part) => key.Append(CultureInfo.InvariantCulture, $" {part?.Length ?? -1}:{part}");
    }

    /// <param name="Key">What was asked.</param>
    /// <param name="Dear">Whether it took long enough to be kept.</param>
    /// <param name="Stamp">The view's stamp before the page was read.</param>
    /// <param name="Page">The page; <see langword="null"/> when it was asked for once.</param>
    private sealed record Entry(string Key, bool Dear, string? Stamp, ViewPage? Page)
    {
        public long Bytes { get; } = EntryOverhead + (2L * Key.Length)
            + (Page?.Items.Sum(item => EntryOverhead + (2L * item.Id.Length) + item.Json.Length) ?? 0);
    }
}
