using System.Globalization;
using Commerce.Products;
using Loire.Benchmarks.Commands;
using Loire.EventLog.Views;
using Loire.Queries;
using ViewReader = Loire.Queries.ViewReader;

namespace Loire.Benchmarks.Queries;

/// <summary>The reads that are measured, on one store.</summary>
internal sealed class Reads(Platform platform, IPlainSql plain, int documents, TimeSpan time)
{
    /// <summary>So many different ones of a kind.</summary>
    private const int Questions = 20;

    private readonly ViewSchema _view = platform.View("products");
    private readonly ViewReader _asked = platform.Views;
    private readonly ViewReader _kept = platform.NewReader(new QueryOptions());

    public async Task Run(string store)
    {
        Console.WriteLine($"\n| {store}, {documents:N0} documents | 1 client, p50 ms | p99 ms | {QueriesBenchmark.Clients} clients, per second |");
        Console.WriteLine("|---|--:|--:|--:|");
        await Row("by id, plain SQL", (client, random) => plain.Find(client, Id(random)));
        await Row("by id", (_, random) => _asked.Find(_view, Id(random), CancellationToken.None));
        await Row("a category by price, plain SQL", (client, random) => plain.Category(client, Category(random)));
        await Row("a category by price", (_, random) => _asked.Query(_view, ByCategory(random), CancellationToken.None));
        await Row("the same, kept", (_, random) => _kept.Query(_view, ByCategory(random), CancellationToken.None));
        await Row("all on sale by price, plain SQL", (client, _) => plain.Active(client));
        await Row("all on sale by price", (_, _) => _asked.Query(_view, OnSale(), CancellationToken.None));
        await Row("the same, kept", (_, _) => _kept.Query(_view, OnSale(), CancellationToken.None));
        await Row("two words, LIKE as before", (client, random) => plain.Like(client, Words(random)));
        await Row("two words, plain SQL", (client, random) => plain.Search(client, Words(random)));
        await Row("two words", (_, random) => _asked.Query(_view, ByWords(random), CancellationToken.None));
        await Row("the same, kept", (_, random) => _kept.Query(_view, ByWords(random), CancellationToken.None));
        await Row("product-search", (_, random) => Ask(random, _asked));
        await Row("the same, kept", (_, random) => Ask(random, _kept));

        using var stop = new CancellationTokenSource();
        var changing = ChangePrices(stop.Token);
        await Row("all on sale by price, while prices change", (_, _) => _asked.Query(_view, OnSale(), CancellationToken.None));
        await Row("the same, kept", (_, _) => _kept.Query(_view, OnSale(), CancellationToken.None));
        await Row("a category by price, while prices change", (_, random) => _asked.Query(_view, ByCategory(random), CancellationToken.None));
        await Row("the same, kept", (_, random) => _kept.Query(_view, ByCategory(random), CancellationToken.None));
        await stop.CancelAsync();
        await changing;
    }

    private async Task Row(string what, Func<int, Random, Task> read)
    {
        // Everything is asked three times before it counts: pages are kept from the second time on.
        for (var n = 0; n < 3 * Questions; n++)
        {
            await read(0, Drawn(n));
        }

        var alone = await ClosedLoop.Run(1, time, (client, n) => read(client, Drawn(n)));
        var together = await ClosedLoop.Run(QueriesBenchmark.Clients, time, (client, n) => read(client, Drawn((client * 17) + n)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {alone.Percentile(50):0.00} | {alone.Percentile(99):0.00} | {together.PerSecond:N0} |"));
    }

    private static Random Drawn(long n) => new((int)(n % Questions));

    private async Task ChangePrices(CancellationToken stop)
    {
        for (var version = 1L; !stop.IsCancellationRequested; version++)
        {
            await Catalogue.ChangePrice(platform.Log, 0, version);
            await platform.CatchUp("products");
        }
    }

    private Task Ask(Random random, ViewReader reader)
    {
        var query = platform.Query("product-search");
        return query.AnswerJson(new ProductSearch(string.Join(' ', Words(random)), MaxPrice: null), reader, CancellationToken.None);
    }

    private string Id(Random random) => Catalogue.Id(random.Next(documents));

    private static string Category(Random random) => Catalogue.Category(random.Next());

    private static string[] Words(Random random) => [Fold(Catalogue.Word(random)), Fold(Catalogue.Word(random))];

    private static string Fold(string word) => word.Replace('é', 'e').Replace('á', 'a')[..5];

    private ViewQuery ByCategory(Random random) => new()
    {
        Conditions = [new(_view.Field("category")!, Comparison.Equal, Category(random))], Sort = _view.Field("price"), Descending = true,
    };

    private ViewQuery OnSale() => new()
    {
        Conditions = [new(_view.Field("isActive")!, Comparison.Equal, true)], Sort = _view.Field("price"),
    };

    private static ViewQuery ByWords(Random random) => new() { Search = string.Join(' ', Words(random)) };
}
