using System.Globalization;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Pages of a view that changes while it is read: whatever stays where it is comes once, in its place.</summary>
public abstract class CursorContract : ViewContract
{
    private const int Documents = 120;
    private const int PageSize = 7;

    public static TheoryData<string?, bool, int> Sorts => [.. from name in new[] { null, "total", "status" }
                                                                from down in new[] { false, true }
                                                                select new TheoryDataRow<string?, bool, int>(name, down, 7)];

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task What_stays_put_is_neither_skipped_nor_repeated(string? field, bool descending, int seed)
    {
        var random = new Random(seed);
        await Fill([.. Enumerable.Range(0, Documents).Select(n => Stays(n)), .. Enumerable.Range(0, Documents).Select(n => Moves(n, random))]);
        var query = new ViewQuery { Sort = field is null ? null : Orders.Field(field), Descending = descending, Limit = PageSize };
        var expected = await StayingIn(query with { Limit = 1000 });

        List<string> read = [];
        for (var (cursor, isLast, n) = ((string?)null, false, 0); !isLast; n += 2)
        {
            // Once while the page is read, and once before the next.
            var meanwhile = Task.Run(() => Change(n, random));
            var page = await Views.Query(Orders, query with { Cursor = cursor });
            await meanwhile;
            await Change(n + 1, random);
            read.AddRange(Ids(page));
            (cursor, isLast) = (page.Next, page.Next is null);
        }

        read.Where(id => id.StartsWith('s')).ShouldBe(expected);
        expected.Count.ShouldBe(Documents);
    }

    private static DocumentChange.Put Stays(int n) => (n % 4) switch
    {
        0 => Put($"s{n:000}", "{}"),
        _ => Put($"s{n:000}", Json(n % 10, n % 3)),
    };

    private static DocumentChange.Put Moves(int n, Random random) => Put($"m{n:000}", Json(random.Next(-3, 13), random.Next(5)));

    private static string Json(int total, int status) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"total":{{total / 2.0m}},"status":"{{new string((char)('a' + status), 3)}}"}""");

    // Puts, moves and deletes.
    private static List<DocumentChange> Changes(Random random) =>
    [
        .. Enumerable.Range(0, 20).Select(_ => (DocumentChange)(random.Next(3) == 0
            ? new DocumentChange.Delete(Orders, $"m{random.Next(Documents):000}")
            : Moves(random.Next(2 * Documents), random))),
    ];

    private async Task Change(int n, Random random) =>
        (await Views.Commit(new("changes", 0, n, n + 1), Changes(random))).ShouldBeTrue();

    private async Task<IReadOnlyList<string>> StayingIn(ViewQuery query) =>
        [.. Ids(await Views.Query(Orders, query)).Where(id => id.StartsWith('s'))];
}
