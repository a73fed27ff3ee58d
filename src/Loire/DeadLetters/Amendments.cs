using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.DeadLetters;

/// <summary>
/// What was decided about the events that one partition of one generation of a view takes, as far as it counts there: what had
/// been decided when the generation was begun, and what was decided about its own dead letters. So whoever folds the same
/// generation again does exactly the same. It is read ahead in pages, in order of the events.
/// </summary>
/// <param name="queue">The subscription.</param>
/// <param name="partition">Its partition.</param>
/// <param name="partitions">Of how many.</param>
/// <param name="generation">Name of the generation's checkpoint.</param>
/// <param name="store">Where they are kept.</param>
internal sealed class Amendments(string queue, int partition, int partitions, string generation, IViewStore store)
{
    private const int PageSize = 1_000;

    private readonly Dictionary<long, Amendment> _known = [];
    private long _readTo;
    private long _last;

    // The number of the last decision before the generation was begun, plus one: 0 says that it was not written down.
    private string Begun => $"{generation}/amendments";

    /// <summary>Writes down which decisions count for a generation that is begun, unless that has been done.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        if (await store.Checkpoint(Begun, partition, cancellation) == 0)
        {
            var last = await store.Checkpoint(Amendment.CounterOf(queue), partition, cancellation);

            // If it is not committed, somebody else has been first.
            await store.Commit(new CheckpointMove(Begun, partition, From: 0, To: last + 1), []);
        }

        await Open(cancellation);
    }

    /// <summary>For a generation that others have begun. The first one of a view is begun without any decisions.</summary>
    public async Task Open(CancellationToken cancellation)
    {
        await store.Define(Amendment.Schema, cancellation);
        _known.Clear();
        _readTo = 0;
        _last = Math.Max(0, await store.Checkpoint(Begun, partition, cancellation) - 1);
    }

    /// <summary>Makes sure that all are known that count for events after one position and up to another.</summary>
    public async Task Read(long after, long through, CancellationToken cancellation)
    {
        foreach (var position in _known.Keys.Where(position => position <= after).ToList())
        {
            _known.Remove(position);
        }

        for (_readTo = Math.Max(_readTo, after); _readTo < through;)
        {
            var page = await Page([Where("position", Comparison.Greater, _readTo)], cursor: null, cancellation);
            foreach (var amendment in page.Items.Select(Parse).Where(Counts))
            {
                Remember(amendment);
            }

            // Of the last event there may be more.
            _readTo = page.Next is null ? long.MaxValue : Math.Max(Parse(page.Items[^1]).Position - 1, _readTo + 1);
        }
    }

    /// <summary>What is known of an event.</summary>
    public Amendment? Find(long position) => _known.GetValueOrDefault(position);

    /// <summary>What is to be handled in place of an event; <see langword="null"/> if nothing is.</summary>
    public RecordedEvent? InPlaceOf(RecordedEvent recorded) => Find(recorded.Position) is not { } amendment ? recorded
        : amendment.Data is { } data ? recorded with { Data = Encoding.UTF8.GetBytes(data) }
        : null;

    /// <summary>What was decided last about an event, for whichever generation.</summary>
    public async Task<Amendment?> Newest(long position, CancellationToken cancellation)
    {
        _last = long.MaxValue;
        await Read(position - 1, position, cancellation);
        return Find(position);
    }

    /// <summary>What was decided after the generation had been begun, about dead letters of those before it, in order.</summary>
    public async IAsyncEnumerable<Amendment> Later([EnumeratorCancellation] CancellationToken cancellation)
    {
        ViewCondition[] later =
        [
            Is("queue", queue), Where("partition", Comparison.Equal, partition), Where("number", Comparison.Greater, _last),
        ];
        string? cursor = null;
        do
        {
            var page = await Page(later, cursor, cancellation);
            foreach (var amendment in page.Items.Select(Parse).Where(a => a.Generation != generation))
            {
                yield return amendment;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    // Those of a version that was divided otherwise count for all partitions.
    private bool Counts(Amendment amendment) => amendment.Queue != queue
        ? amendment.Partitions != partitions || amendment.Partition == partition
        : amendment.Partition == partition && (amendment.Number <= _last || amendment.Generation == generation);

    private void Remember(Amendment amendment)
    {
        var isOlder = _known.TryGetValue(amendment.Position, out var known)
            && (known.Queue == amendment.Queue ? known.Number > amendment.Number : known.At > amendment.At);
        if (!isOlder)
        {
            _known[amendment.Position] = amendment;
        }
    }

    private Task<ViewPage> Page(ViewCondition[] conditions, string? cursor, CancellationToken cancellation) => store.Query(
        Amendment.Schema,
        new ViewQuery { Conditions = [Is("reader", Amendment.ReaderOf(queue)), .. conditions], Limit = PageSize, Cursor = cursor },
        cancellation);

    private static Amendment Parse(ViewDocument document) => AmendmentWriting.Read(document);

    private static ViewCondition Is(string field, object value) => Amendment.Where(field, Comparison.Equal, value);

    private static ViewCondition Where(string field, Comparison comparison, long value) =>
        Amendment.Where(field, comparison, Convert.ToDecimal(value, CultureInfo.InvariantCulture));
}
