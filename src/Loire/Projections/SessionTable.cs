using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>
/// The documents of one table that a session remembers. Those that were used of late and those from before that are apart:
/// when there are too many, the older ones are forgotten.
/// </summary>
internal sealed class SessionTable(ViewSchema schema, bool isShared)
{
    /// <summary>Beyond so many documents it is no longer remembered which ones exist.</summary>
    private const int MaxWritten = 2_000_000;

    // What an entry takes besides its document, about.
    private const int Overhead = 200;

    private readonly List<SessionEntry> _changed = [];
    private readonly List<SessionEntry> _used = [];
    private Dictionary<string, SessionEntry> _recent = [];
    private Dictionary<string, SessionEntry> _older = [];
    private HashSet<uint>? _written;

    /// <summary>The table in its generation.</summary>
    public ViewSchema Schema => schema;

    /// <summary>Whether its documents are spread over the partitions; each has all entries of a lookup.</summary>
    public bool IsShared => isShared;

    /// <summary>Documents that were used since the last <see cref="Rotate"/>.</summary>
    public int Count => _recent.Count;

    /// <summary>What they take, about, in bytes.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyList<SessionEntry> Changed => _changed;

    /// <summary>The table is empty: what is not written from now on does not exist, and need not be looked for.</summary>
    public void StartsEmpty() => _written = [];

    public bool MayExist(string key) => _written is null || _written.Contains(DocumentHash.Of(key));

    public bool TryGet(string key, out SessionEntry? entry)
    {
        if (_recent.TryGetValue(key, out entry))
        {
            Use(entry);
            return true;
        }

        if (!_older.Remove(key, out entry))
        {
            return false;
        }

        Remember(entry);
        return true;
    }

    public SessionEntry Add(string key, object? document, int size)
    {
        var entry = new SessionEntry(key, document, size);
        Remember(entry);
        return entry;
    }

    public void MarkChanged(SessionEntry entry)
    {
        if (!entry.Changed)
        {
            entry.Changed = true;
            _changed.Add(entry);
        }

        if (_written?.Add(DocumentHash.Of(entry.Key)) == true && _written.Count > MaxWritten)
        {
            _written = null;
        }
    }

    /// <summary>A new batch begins: what the last one changed is on disk.</summary>
    public void Settle()
    {
        _changed.ForEach(entry => entry.Changed = false);
        _changed.Clear();
        _used.ForEach(entry => entry.Used = false);
        _used.Clear();
    }

    /// <summary>
    /// The batch did not come to its end: the documents that it has looked at are forgotten, because a handler may have changed
    /// them. All others are as they were.
    /// </summary>
    public void Undo()
    {
        foreach (var entry in _used)
        {
            _recent.Remove(entry.Key);
            Bytes -= entry.Size + Overhead;
        }

        _used.Clear();
        _changed.Clear();
    }

    /// <summary>A changed document has become so many bytes of JSON.</summary>
    public void Resize(SessionEntry entry, int size)
    {
        Bytes += size - entry.Size;
        entry.Size = size;
    }

    /// <summary>Forgets what has not been used since the last time.</summary>
    public void Rotate()
    {
        (_older, _recent) = (_recent, []);
        Bytes = 0;
    }

    public void Forget()
    {
        _changed.Clear();
        _used.Clear();
        _recent = [];
        _older = [];
        _written = null;
        Bytes = 0;
    }

    private void Remember(SessionEntry entry)
    {
        _recent.Add(entry.Key, entry);
        Bytes += entry.Size + Overhead;
        Use(entry);
    }

    private void Use(SessionEntry entry)
    {
        if (!entry.Used)
        {
            entry.Used = true;
            _used.Add(entry);
        }
    }
}

/// <summary>A document that a session remembers.</summary>
internal sealed class SessionEntry(string key, object? document, int size)
{
    /// <summary>Its id in the store.</summary>
    public string Key => key;

    /// <summary><see langword="null"/> if there is none.</summary>
    public object? Document { get; set; } = document;

    /// <summary>Bytes of JSON, as last read or written.</summary>
    public int Size { get; set; } = size;

    /// <summary>The event that changed it last, if it was in this batch.</summary>
    public long Position { get; set; }

    public bool Changed { get; set; }

    /// <summary>Whether this batch has looked at it.</summary>
    public bool Used { get; set; }
}
