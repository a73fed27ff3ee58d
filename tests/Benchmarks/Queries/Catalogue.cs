using System.Text.Json;
using Loire.EventLog;

namespace Loire.Benchmarks.Queries;

/// <summary>Products whose texts are made of a few thousand words, some of them much more common than others.</summary>
internal static class Catalogue
{
    public const int Categories = 100;

    private const int Words = 5_000;

    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Syllables = ["la", "mé", "ro", "ti", "sun", "ker", "bo", "vá", "lin", "gra", "pe", "do"];

    /// <summary>Appends the events that create so many products.</summary>
    public static async Task Fill(IEventLog log, int products) => await Parallel.ForAsync(
        0, products, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (n, _) =>
        {
            var id = Guid.CreateVersion7();
            var random = new Random(n);
            var data = JsonSerializer.SerializeToUtf8Bytes(new
            {
                name = $"{Word(random)} {Word(random)}",
                description = string.Join(' ', Enumerable.Range(0, 12).Select(_ => Word(random))),
                price = random.Next(1, 100_000) / 100m,
                category = Category(n),
            });
            var created = new NewEvent(id, "product.created", 1, Noon, data, new EventMetadata(CorrelationId: id.ToString("N")));
            await Append(log, n, 0, created);
        });

    /// <summary>Gives a product another price.</summary>
    public static Task ChangePrice(IEventLog log, int product, long version)
    {
        var id = Guid.CreateVersion7();
        var data = JsonSerializer.SerializeToUtf8Bytes(new { price = version, previousPrice = 1 });
        return Append(log, product, version, new NewEvent(id, "product.price-changed", 1, Noon, data, new EventMetadata(CorrelationId: id.ToString("N"))));
    }

    public static string Id(int product) => $"p-{product:000000}";

    public static string Category(int n) => $"category {n % Categories}";

    /// <summary>A word that texts may hold: the first of 5,000 in one of 10 texts, the last in one of thousands.</summary>
    public static string Word(Random random)
    {
        var rank = (int)Math.Pow(Words, random.NextDouble());
        return Syllables[rank % 12] + Syllables[rank / 12 % 12] + Syllables[rank / 144 % 12] + Syllables[rank / 1728 % 12];
    }

    private static async Task Append(IEventLog log, int product, long version, NewEvent appended)
    {
        if (await log.Append(new AppendRequest(new StreamName("product", Id(product)), version, [appended])) is not AppendResult.Appended)
        {
            throw new InvalidOperationException("An append did not go through.");
        }
    }
}
