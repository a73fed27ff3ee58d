using System.Text;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog.Views;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Loire.Testing.Tests.Queries;

/// <summary>Pages that are kept are those that would be read.</summary>
public sealed class PageCacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private LoireTestCluster _cluster = null!;
    private CountingViews _store = null!;
    private ViewSchema _accounts = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await LoireTestCluster.Start(loire => loire.AddCommerce());
        _store = new CountingViews(_cluster.Views);
        _accounts = _cluster.SchemaOf("accounts");
        foreach (var n in Enumerable.Range(0, 5))
        {
            await _cluster.Given("account", $"a-{n}", new AccountEvent.Opened("ada", Money.Of(100 + n)));
        }

        await _cluster.Reached(_accounts.StoreName);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_page_that_is_asked_for_again_and_again_is_kept()
    {
        var reader = Reader();
        await Ask(reader);
        await Ask(reader);
        var read = _store.Pages;

        for (var n = 0; n < 10; n++)
        {
            (await Ask(reader)).ShouldBe("a-4 a-3 a-2 a-1 a-0 of 5");
        }

        _store.Pages.ShouldBe(read);
        (await Ask(reader, limit: 2)).ShouldBe("a-4 a-3 of 5");
        _store.Pages.ShouldBe(read + 1);
    }

    [Fact]
    public async Task Pages_that_tell_less_are_not_given_for_others()
    {
        var reader = Reader();
        ViewQuery[] queries =
        [
            Query(20), Query(20) with { CountTotal = false }, Query(20) with { IdFrom = "a-3" }, Query(20) with { IdTo = "a-3" },
        ];
        string[] expected = ["a-4 a-3 a-2 a-1 a-0 of 5", "a-4 a-3 a-2 a-1 a-0 of ", "a-4 a-3 of 2", "a-3 a-2 a-1 a-0 of 4"];
        for (var n = 0; n < 3; n++)
        {
            foreach (var (query, answer) in queries.Zip(expected))
            {
                (await Ask(reader, query)).ShouldBe(answer);
            }
        }
    }

    [Fact]
    public async Task A_page_is_never_older_than_what_its_reader_has_waited_for()
    {
        var reader = Reader();
        for (var n = 0; n < 50; n++)
        {
            var receipt = await _cluster.Accepted("account", "a-0", new AccountCommand.Deposit(Money.Of(1000)));
            (await reader.WaitUntil(_accounts, receipt.Position, Patience)).ShouldBeTrue();

            var page = await reader.Query(_accounts, Query(1), CancellationToken.None);

            page.Position.ShouldBeGreaterThanOrEqualTo(receipt.Position);
            Encoding.UTF8.GetString(page.Items[0].Json.Span).ShouldContain($"\"balance\":{100 + ((n + 1) * 1000)}");
            await Ask(reader, limit: 1);
        }
    }

    [Fact]
    public async Task A_change_that_moves_no_checkpoint_is_seen()
    {
        var reader = Reader();
        await Ask(reader);
        await Ask(reader);
        var at = await _store.Checkpoint(_accounts.StoreName, 0);

        (await _store.Commit(new(_accounts.StoreName, 0, at, at), [new DocumentChange.Delete(_accounts, "a-4")])).ShouldBeTrue();

        (await Ask(reader)).ShouldBe("a-3 a-2 a-1 a-0 of 4");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000, 0)]
    [InlineData(1_000_000, 1_000)]
    public async Task Nothing_is_kept_where_there_is_no_room_or_no_need(long bytes, int aboveSeconds)
    {
        var reader = Reader(bytes, TimeSpan.FromSeconds(aboveSeconds));
        await Ask(reader);
        await Ask(reader);
        var read = _store.Pages;

        await Ask(reader);

        _store.Pages.ShouldBe(read + 1);
    }

    [Fact]
    public async Task Pages_that_were_not_asked_for_lately_make_room()
    {
        var reader = Reader(bytes: 8_000);
        async Task Twice(int limit)
        {
            await Ask(reader, limit);
            await Ask(reader, limit);
        }

        await Twice(1);
        for (var limit = 2; limit < 30; limit++)
        {
            await Twice(limit);
        }

        var read = _store.Pages;
        await Ask(reader, limit: 29);
        _store.Pages.ShouldBe(read);
        await Ask(reader, limit: 1);
        _store.Pages.ShouldBe(read + 1);
    }

    private static ViewQuery Query(int limit) => new() { Sort = new ViewField("balance", ViewFieldKind.Number), Descending = true, Limit = limit };

    private ViewReader Reader(long bytes = 1_000_000, TimeSpan above = default) => new(
        _store,
        _cluster.Grains,
        _cluster.Services.GetRequiredService<ViewRegistry>(),
        TimeProvider.System,
        Options.Create(new QueryOptions { CacheBytes = bytes, CacheAbove = above }));

    private Task<string> Ask(ViewReader reader, int limit = 20) => Ask(reader, Query(limit));

    private async Task<string> Ask(ViewReader reader, ViewQuery query)
    {
        var page = await reader.Query(_accounts, query, CancellationToken.None);
        return $"{string.Join(' ', page.Items.Select(item => item.Id))} of {page.Total}";
    }
}
