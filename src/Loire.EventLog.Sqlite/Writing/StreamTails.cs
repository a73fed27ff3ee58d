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
    private Dictionary<StreamName, StreamTail> young = [];
    private Dictionary<StreamName, StreamTail> old = [];

    public bool TryGet(StreamName stream, out StreamTail tail)
    {
        if (young.TryGetValue(stream, out tail))
        {
            return true;
        }

        if (!old.TryGetValue(stream, out tail))
        {
            return false;
        }

        Set(stream, tail);
        return true;
    }

    public void Set(StreamName stream, StreamTail tail)
    {
        if (young.Count >= generation)
        {
            (old, young) = (young, []);
        }

        young[stream] = tail;
    }

    public void Clear()
    {
        young.Clear();
        old.Clear();
    }
}
