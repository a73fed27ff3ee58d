using Loire.EventLog.PostgreSql;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Several stores on one database, as in several processes.</summary>
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private PostgreSqlUnderTest _first = null!;
    private PostgreSqlStore _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await PostgreSqlUnderTest.Create();
        _second = await _first.OpenAnother();
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task Writers_that_race_on_the_same_streams_lose_and_double_nothing()
    {
        const int streams = 4, writers = 8, appends = 40;
        var acknowledged = await Task.WhenAll(
            new IEventLog[] { _first.Log, _second.Log }.SelectMany(log => Enumerable.Range(0, writers)
                .Select(writer => Task.Run(() => RacingWriter.Run(log, $"s{writer % streams}", appends)))));

        await LogCheck.Holds(_first.Log, [.. acknowledged.SelectMany(ids => ids)]);
        _first.Log.Head.ShouldBe(2 * writers * appends * 2);
    }

    [Fact]
    public async Task Three_processes_that_race_on_the_same_streams_lose_and_double_nothing()
    {
        var acknowledged = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => WriterProcess.Start(_first.Options.ConnectionString)));

        acknowledged.ShouldAllBe(ids => ids.Count == WriterProcess.Events);
        await LogCheck.Holds(_first.Log, [.. acknowledged.SelectMany(ids => ids)]);
    }

    [Fact]
    public async Task One_hears_of_what_the_other_appends()
    {
        var waiting = _second.Log.WaitBeyond(0, CancellationToken.None);
        await _first.Log.MustAppend("a", 0, Sample.Events(3));

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        _second.Log.Head.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_both_use_takes_effect_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(() =>
            (n % 2 == 0 ? _first.Log : _second.Log).Append(
                new AppendRequest(Sample.Order("a"), 0, Sample.Events(2), Sample.Key("k"))))));

        var appended = results.Cast<AppendResult.Appended>().ToList();
        appended.Count(result => !result.Replayed).ShouldBe(1);
        appended.Select(result => result.Receipt.Events[0].EventId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_checkpoint_that_both_move_moves_once()
    {
        var view = new ViewSchema("orders", 1, [new ViewField("n", ViewFieldKind.Number, Indexed: true)]);
        await Task.WhenAll(_first.Views.Define(view), _second.Views.Define(view));
        for (var step = 0; step < 20; step++)
        {
            var won = await Task.WhenAll(new IViewStore[] { _first.Views, _second.Views }.Select(views => Task.Run(() =>
                views.Commit(new("s", 0, step, step + 1), [new DocumentChange.Put(view, $"{step}", """{"n":1}"""u8.ToArray())]))));
            won.Count(moved => moved).ShouldBe(1);
        }

        (await _second.Views.FindBy(view, "n", 1m)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task Many_may_make_the_tables_at_once()
    {
        await _first.Server.Execute("DROP SCHEMA loire CASCADE", _first.Database);
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _first.OpenAnother())));

        await Task.WhenAll(opened.Select((store, n) => store.Log.MustAppend($"s{n}", 0, Sample.Event())));

        (await opened[0].Log.Everything()).Count.ShouldBe(8);
        (await _first.Server.Ask<long>("SELECT count(*) - max(version) FROM loire.migrations", _first.Database)).ShouldBe(0);
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }
    }
}
