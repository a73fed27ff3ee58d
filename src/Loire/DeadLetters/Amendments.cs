using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;

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
    private readonly AmendmentsBegun _begun = new(generation, queue, partitions, store);
    private Generation? _live;
    private bool _all;
    private long _readTo;

    /// <summary>Writes down which decisions count for a generation that is begun, unless that has been done.</summary>
    /// <param name="live">The generation whose dead letters people decide about meanwhile.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Begin(Generation live, CancellationToken cancellation)
    {
        _live = live;
        await _begun.Write(queue, partitions, partition, cancellation);
        foreach (var other in Others(live))
        {
            await _begun.Write(live.Queue, live.Partitions, other, cancellation);
        }

        await Open(cancellation);
    }

    /// <summary>For a generation that others have begun. The first one of a view is begun without any decisions.</summary>
    public async Task Open(CancellationToken cancellation)
    {
        await store.Define(Amendment.Schema, cancellation);
        _known.Clear();
        _begun.Forget();
        _readTo = 0;
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
            var page = await Page([Where("position", Comparison.Greater, _readTo)], from: _readTo + 1, cursor: null, cancellation);
            foreach (var amendment in page.Items.Select(AmendmentWriting.Read))
            {
                if (await Counts(amendment, cancellation))
                {
                    Remember(amendment);
                }
            }

            // Of the last event there may be more.
            _readTo = page.Next is null ? long.MaxValue : Math.Max(AmendmentWriting.Read(page.Items[^1]).Position - 1, _readTo + 1);
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
        _all = true;
        await Read(position - 1, position, cancellation);
        return Find(position);
    }

    /// <summary>What was decided after the generation had been begun, about dead letters of the one that is live, in order.</summary>
    public async IAsyncEnumerable<Amendment> Later([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var other in Others(_live!))
        {
            ViewCondition[] later =
            [
                Is("queue", _live!.Queue),
                Where("partition", Comparison.Equal, other),
                Where("number", Comparison.Greater, await _begun.Last(_live.Queue, _live.Partitions, other, cancellation)),
            ];
            string? cursor = null;
            do
            {
                var page = await Page(later, from: 0, cursor, cancellation);
                foreach (var amendment in page.Items.Select(AmendmentWriting.Read).Where(a => a.Generation != generation))
                {
                    yield return amendment;
                }

                cursor = page.Next;
            }
            while (cursor is not null);
        }
    }

    // The partitions of another generation that are about the same documents. If it was divided otherwise, all may be.
    private IEnumerable<int> Others(Generation live) => live.Partitions == partitions ? [partition] : Enumerable.Range(0, live.Partitions);

    private async Task<bool> Counts(Amendment amendment, CancellationToken cancellation) =>
        (amendment.Partitions != partitions || amendment.Partition == partition)
        && (_all || amendment.Generation == generation || amendment.Number
            <= await _begun.Last(amendment.Queue, amendment.Partitions, amendment.Partition, cancellation));

    // Of two about one event the later one holds. Numbers tell only within a partition of a subscription.
    private void Remember(Amendment amendment)
    {
        var isOlder = _known.TryGetValue(amendment.Position, out var known)
            && ((known.Queue, known.Partition) == (amendment.Queue, amendment.Partition)
                ? known.Number > amendment.Number
                : known.At > amendment.At);
        if (!isOlder)
        {
            _known[amendment.Position] = amendment;
        }
    }

    private Task<ViewPage> Page(ViewCondition[] conditions, long from, string? cursor, CancellationToken cancellation) => store.Query(
        Amendment.Schema,
        new ViewQuery
        {
            Conditions = [Is("reader", Amendment.ReaderOf(queue)), .. conditions],
            IdFrom = Amendment.FirstIdOf(Amendment.ReaderOf(queue), from),
            Limit = PageSize,
            Cursor = cursor,
            CountTotal = false,
        },
        cancellation);

    private static ViewCondition Is(string field, object value) => Amendment.Where(field, Comparison.Equal, value);

    private static ViewCondition Where(string field, Comparison comparison, long value) =>
        Amendment.Where(field, comparison, Convert.ToDecimal(value, CultureInfo.InvariantCulture));
}
