using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Appends as the arrays that the function <c>loire.append</c> takes. Indexes count from 1, as there.</summary>
internal sealed class AppendBatch
{
    private const string Call =
        "SELECT * FROM loire.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)";

    private readonly Dictionary<StreamName, int> _streamIndex = [];
    private readonly Dictionary<(int Stream, string Key), int> _keyIndex = [];
    private readonly List<string> _aggregates = [];
    private readonly List<string> _ids = [];
    private readonly List<short> _partitions = [];
    private readonly int[] _streams;
    private readonly long[] _expected;
    private readonly Guid?[] _guards;
    private readonly int[] _counts;
    private readonly Guid?[] _firsts;
    private readonly Guid?[] _lasts;
    private readonly string?[] _keys;
    private readonly byte[]?[] _fingerprints;
    private readonly DateTime?[] _expiries;
    private readonly int?[] _sameKey;
    private readonly EventArrays _events;

    public AppendBatch(IReadOnlyList<AppendItem> items)
    {
        var n = items.Count;
        (_streams, _expected, _guards, _counts) = (new int[n], new long[n], new Guid?[n], new int[n]);
        (_firsts, _lasts) = (new Guid?[n], new Guid?[n]);
        (_keys, _fingerprints, _expiries, _sameKey) = (new string?[n], new byte[]?[n], new DateTime?[n], new int?[n]);
        _events = new EventArrays(items.Sum(item => item.Request.Events.Count));
        for (var i = 0; i < n; i++)
        {
            Add(i, items[i].Request);
        }
    }

    /// <summary>The call, prepared on its connection.</summary>
    public NpgsqlCommand Command(NpgsqlConnection connection, DateTimeOffset now, int seconds)
    {
        var command = new NpgsqlCommand(Call, connection) { CommandTimeout = seconds };
        command.Parameters.Bind([
            Parameters.Of(_aggregates), Parameters.Of(_ids), Parameters.Of(_partitions),
            Parameters.Of(_streams), Parameters.Of(_expected), Parameters.Of(_guards), Parameters.Of(_counts),
            Parameters.Of(_firsts), Parameters.Of(_lasts),
            Parameters.Of(_keys), Parameters.Of(_fingerprints), Parameters.OfInstants(_expiries), Parameters.Of(_sameKey),
            .. _events.Parameters(), Parameters.Of(Parameters.Instant(now)),
        ]);
        return command;
    }

    private void Add(int i, AppendRequest request)
    {
        _streams[i] = Stream(request.Stream);
        _expected[i] = request.ExpectedVersion;
        _guards[i] = request.ExpectedEventId;
        _counts[i] = request.Events.Count;
        if (request.Key is { } key)
        {
            _keys[i] = StoredText.From(key.Value);
            _fingerprints[i] = key.Fingerprint.ToArray();
            _expiries[i] = key.ExpiresAt is { } expiry ? Parameters.RoundedUp(expiry) : null;
            _sameKey[i] = _keyIndex.TryAdd((_streams[i], key.Value), i + 1) ? i + 1 : _keyIndex[(_streams[i], key.Value)];
        }

        if (request.Events.Count > 0)
        {
            (_firsts[i], _lasts[i]) = (request.Events[0].EventId, request.Events[^1].EventId);
            _events.Add(i + 1, request.Events);
        }
    }

    private int Stream(StreamName stream)
    {
        if (_streamIndex.TryAdd(stream, _streamIndex.Count + 1))
        {
            _aggregates.Add(StoredText.From(stream.Aggregate));
            _ids.Add(StoredText.From(stream.Id));
            _partitions.Add((short)stream.Partition);
        }

        return _streamIndex[stream];
    }
}
