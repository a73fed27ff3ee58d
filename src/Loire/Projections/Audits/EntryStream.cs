using System.Text;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>The documents of a table in order of their ids, a page at a time.</summary>
internal sealed class EntryStream(ViewSchema schema, AuditRequest range, IViewStore store, Func<string, ViewDocument?, AuditedEntry> read)
{
    private const int PageSize = 1_000;

    private readonly Queue<ViewDocument> _page = [];
    private string? _cursor;
    private bool _isLast;

    /// <summary>In the order in which stores give ids: that of code points, which is that of UTF-8.</summary>
    public static int Compare(string one, string other) =>
        Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    /// <returns><see langword="null"/> at the end.</returns>
    public async Task<AuditedEntry?> Next(CancellationToken cancellation)
    {
        while (true)
        {
            if (_page.TryDequeue(out var document))
            {
                return read(document.Id, document);
            }

            if (_isLast)
            {
                return null;
            }

            var page = await store.Query(
                schema,
                new ViewQuery { IdFrom = range.IdFrom, IdTo = range.IdTo, Limit = PageSize, Cursor = _cursor, CountTotal = false },
                cancellation);
            page.Items.ToList().ForEach(_page.Enqueue);
            (_cursor, _isLast) = (page.Next, page.Next is null);
        }
    }
}
