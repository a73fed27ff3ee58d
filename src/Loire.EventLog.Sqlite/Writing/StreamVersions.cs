namespace Loire.EventLog.Sqlite;

/// <summary>
/// The versions of streams as the writer left them, so that it need not ask the database for each append. Keeps two
/// generations and drops the older one when the younger is full: a cheap least-recently-used cache.
/// </summary>
internal sealed class StreamVersions(int generation = 50_000)
{
    private Dictionary<StreamName, long> young = [];
    private Dictionary<StreamName, long> old = [];

    public bool TryGet(StreamName stream, out long version)
    {
        if (young.TryGetValue(stream, out version))
        {
            return true;
        }

        if (!old.TryGetValue(stream, out version))
        {
            return false;
        }

        Set(stream, version);
        return true;
    }

    public void Set(StreamName stream, long version)
    {
        if (young.Count >= generation)
        {
            (old, young) = (young, []);
        }

        young[stream] = version;
    }

    public void Clear()
    {
        young.Clear();
        old.Clear();
    }
}
