using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Appends as the arrays that the function <c>loire.append</c> takes. Indexes count from 1, as there.</summary>
internal sealed class AppendBatch
{
    private const string Call =
        "SELECT * FROM loire.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)";

    private readonly Dictionary<StreamName, int> streamIndex = [];
    private readonly Dictionary<(int Stream, string Key), int> keyIndex = [];
    private readonly List<string> aggregates = [];
    private readonly List<string> ids = [];
    private readonly List<short> partitions = [];
    private readonly int[] streams;
    private readonly long[] expected;
    private readonly Guid?[] guards;
    private readonly int[] counts;
    private readonly Guid?[] firsts;
    private readonly Guid?[] lasts;
    private readonly string?[] keys;
    private readonly byte[]?[] fingerprints;
    private readonly DateTime?[] expiries;
    private readonly int?[] sameKey;
    private readonly EventArrays events;

    public AppendBatch(IReadOnlyList<AppendItem> items)
    {
        var n = items.Count;
        (streams, expected, guards, counts) = (new int[n], new long[n], new Guid?[n], new int[n]);
        (firsts, lasts) = (new Guid?[n], new Guid?[n]);
        (keys, fingerprints, expiries, sameKey) = (new string?[n], new byte[]?[n], new DateTime?[n], new int?[n]);
        events = new EventArrays(items.Sum(item => item.Request.Events.Count));
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
            Parameters.Of(aggregates), Parameters.Of(ids), Parameters.Of(partitions),
            Parameters.Of(streams), Parameters.Of(expected), Parameters.Of(guards), Parameters.Of(counts),
            Parameters.Of(firsts), Parameters.Of(lasts),
            Parameters.Of(keys), Parameters.Of(fingerprints), Parameters.OfInstants(expiries), Parameters.Of(sameKey),
            .. events.Parameters(), Parameters.Of(Parameters.Instant(now)),
        ]);
        return command;
    }

    private void Add(int i, AppendRequest request)
    {
        streams[i] = Stream(request.Stream);
        expected[i] = request.ExpectedVersion;
        guards[i] = request.ExpectedEventId;
        counts[i] = request.Events.Count;
        if (request.Key is { } key)
        {
            keys[i] = StoredText.From(key.Value);
            fingerprints[i] = key.Fingerprint.ToArray();
            expiries[i] = key.ExpiresAt is { } expiry ? Parameters.RoundedUp(expiry) : null;
            sameKey[i] = keyIndex.TryAdd((streams[i], key.Value), i + 1) ? i + 1 : keyIndex[(streams[i], key.Value)];
        }

        if (request.Events.Count > 0)
        {
            (firsts[i], lasts[i]) = (request.Events[0].EventId, request.Events[^1].EventId);
            events.Add(i + 1, request.Events);
        }
    }

    private int Stream(StreamName stream)
    {
        if (streamIndex.TryAdd(stream, streamIndex.Count + 1))
        {
            aggregates.Add(StoredText.From(stream.Aggregate));
            ids.Add(StoredText.From(stream.Id));
            partitions.Add((short)stream.Partition);
        }

        return streamIndex[stream];
    }
}
