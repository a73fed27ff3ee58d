using System.Globalization;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>
/// Compares a table of a view with what the log gives. Both are gone through in order of their ids. What differs then may
/// only have changed in between, so it is looked at again, one by one: it does differ if no event has changed it between two
/// positions that the view had before and after it was read.
/// </summary>
internal sealed class TableComparison(
    ViewSchema schema, int live, int scratch, AuditRequest request, IViewStore store, AuditPosition position, Func<Task> beat)
{
    private const int Partitions = 64;
    private const int MaxNamed = 1_000;
    private const int MaxSuspects = 100_000;
    private const int MaxAttempts = 20;

    private readonly ViewSchema _live = schema.InGeneration(live);
    private readonly ViewSchema _scratch = new(schema.Name, schema.Version, [], scratch);
    private readonly PartitionSum[] _sums = [.. Enumerable.Range(0, Partitions).Select(_ => new PartitionSum())];
    private readonly List<AuditDifference> _differences = [];
    private readonly HashSet<int> _differing = [];
    private long _countOfDifferences;
    private long _unsettled;

    public async Task<AuditedTable> Run(CancellationToken cancellation)
    {
        foreach (var suspect in await GoThrough(cancellation))
        {
            await beat();
            await LookAgain(suspect, cancellation);
        }

        return new AuditedTable(
            schema.Name,
            _sums.Sum(s => s.Found.Count),
            _sums.Sum(s => s.Expected.Count),
            _countOfDifferences,
            _unsettled,
            [.. _differing.Order().Select(p => new AuditedPartition(
                p, _sums[p].Found.Count, _sums[p].Expected.Count, _sums[p].Found.Text, _sums[p].Expected.Text))],
            [.. _differences]);
    }

    /// <returns>The ids of what differs.</returns>
    private async Task<List<string>> GoThrough(CancellationToken cancellation)
    {
        await position.CatchUp(cancellation);
        var found = new EntryStream(_live, request, store, AuditedEntry.OfView);
        var expected = new EntryStream(_scratch, request, store, AuditedEntry.OfScratch);
        var suspects = new List<string>();
        var (one, other) = (await found.Next(cancellation), await expected.Next(cancellation));
        while (one is not null || other is not null)
        {
            var order = one is null ? 1 : other is null ? -1 : EntryStream.Compare(one.Id, other.Id);
            var id = order <= 0 ? one!.Id : other!.Id;
            var (here, there) = (order <= 0 ? one : null, order >= 0 ? other : null);
            if (AreSame(id, here, there))
            {
                Count(id, here, there);
            }
            else if (suspects.Count < MaxSuspects)
            {
                suspects.Add(id);
            }
            else
            {
                _unsettled++;
            }

            one = order <= 0 ? await found.Next(cancellation) : one;
            other = order >= 0 ? await expected.Next(cancellation) : other;
            await beat();
        }

        return suspects;
    }

    private static bool AreSame(string id, AuditedEntry? found, AuditedEntry? expected) =>
        (found ?? AuditedEntry.OfView(id, document: null)).Matches(expected ?? AuditedEntry.OfScratch(id, document: null));

    private async Task LookAgain(string id, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var before = await position.Lowest(cancellation);
            var found = AuditedEntry.OfView(id, await store.Find(_live, id, cancellation));
            await position.CatchUp(cancellation);
            var expected = AuditedEntry.OfScratch(id, await store.Find(_scratch, id, cancellation));
            if (found.Matches(expected))
            {
                Count(id, found, expected);
                return;
            }

            // No event has changed it since: then it was the same at whichever position it was read.
            if (expected.Position is null || expected.Position <= before)
            {
                Count(id, found, expected);
                Name(id, found, expected);
                return;
            }
        }

        _unsettled++;
    }

    private void Count(string id, AuditedEntry? found, AuditedEntry? expected)
    {
        var sum = _sums[DocumentHash.Partition(id, Partitions)];
        sum.Found.Add(found);
        sum.Expected.Add(expected);
    }

    private void Name(string id, AuditedEntry found, AuditedEntry expected)
    {
        _countOfDifferences++;
        _differing.Add(DocumentHash.Partition(id, Partitions));
        if (_differences.Count < MaxNamed)
        {
            _differences.Add(new AuditDifference(
                id,
                found.Json is null ? AuditFinding.Missing : expected.Json is null ? AuditFinding.Extra : AuditFinding.Different,
                expected.Position));
        }
    }

    private sealed class PartitionSum
    {
        public EntrySum Found { get; } = new();

        public EntrySum Expected { get; } = new();
    }

    private sealed class EntrySum
    {
        private ulong _hash;

        public long Count { get; private set; }

        public string Text => _hash.ToString("x16", CultureInfo.InvariantCulture);

        public void Add(AuditedEntry? entry)
        {
            if (entry?.Json is not null)
            {
                Count++;
                _hash = unchecked(_hash + entry.Hash);
            }
        }
    }
}
