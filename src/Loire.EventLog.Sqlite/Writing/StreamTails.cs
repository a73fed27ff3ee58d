using System.Runtime.InteropServices;

namespace Loire.EventLog.Sqlite;

/// <summary>The end of a stream: its version and the id of its last event; 0 and none when it does not exist.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamTail(long Version, Guid? EventId);

/// <summary>
/// The ends of streams as the writer left them, so that it need not ask the database for each append. Keeps two
/// generations and drops the older one when the younger is full: a cheap least-recently-used cache.
/// </summary>
internal sealed class StreamTails(int generation)
{
    private Dictionary<StreamName, StreamTail> _young = [];
    private Dictionary<StreamName, StreamTail> _old = [];

    public bool TryGet(StreamName stream, out StreamTail tail)
    {
        if (_young.TryGetValue(stream, out tail))
        {
            return true;
        }

        if (!_old.TryGetValue(stream, out tail))
        {
            return false;
        }

        Set(stream, tail);
        return true;
    }

    public void Set(StreamName stream, StreamTail tail)
    {
        if (_young.Count >= generation)
        {
            (_old, _young) = (_young, []);
        }

        _young[stream] = tail;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
