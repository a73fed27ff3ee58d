using Loire.EventLog.PostgreSql;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The network between the store and its server fails at the worst moments.</summary>
public sealed class ConnectionLossTests : IAsyncLifetime
{
    private PostgreSqlUnderTest _direct = null!;
    private CuttingProxy _proxy = null!;
    private PostgreSqlStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _direct = await PostgreSqlUnderTest.Create();
        _proxy = new CuttingProxy(_direct.Server.Port);
        _store = await Open(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
        await _direct.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_reply_to_a_commit_is_lost_the_outcome_is_found_out(bool keyed)
    {
        await _store.Log.MustAppend("a", 0, Sample.Event());
        var request = new AppendRequest(Sample.Order("a"), 1, Sample.Events(2), keyed ? Sample.Key("k") : null);
        _proxy.LosesReplies = true;
        var (append, conflict) = (_store.Log.Append(request), _store.Log.Append("a", 9, Sample.Event()));
        await _direct.Log.WaitBeyond(2, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        append.IsCompleted.ShouldBeFalse();

        _proxy.Cut();

        var appended = (await append).ShouldBeOfType<AppendResult.Appended>();
        appended.Replayed.ShouldBeFalse();
        appended.Receipt.Position.ShouldBe(3);
        appended.Receipt.Events.Select(e => e.EventId).ShouldBe(request.Events.Select(e => e.EventId));
        (await conflict).ShouldBe(new AppendResult.Conflict(3));
        (await _direct.Log.Everything()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task When_the_reply_is_lost_and_others_have_gone_on_since_the_outcome_is_still_found_out()
    {
        await _store.Log.MustAppend("a", 0, Sample.Event());
        _proxy.LosesReplies = true;
        var append = _store.Log.Append("a", 1, Sample.Event());
        await _direct.Log.WaitBeyond(1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _direct.Log.MustAppend("a", 2, Sample.Events(3));

        _proxy.Cut();

        (await append).ShouldBeOfType<AppendResult.Appended>().Receipt.Version.ShouldBe(2);
        (await _direct.Log.Everything()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task When_the_request_is_lost_it_is_sent_again()
    {
        await _store.Log.MustAppend("a", 0, Sample.Event());
        _proxy.LosesRequests = true;
        var append = _store.Log.Append("a", 1, Sample.Event());
        _proxy.Cut();

        (await append).ShouldBeOfType<AppendResult.Appended>().Receipt.Version.ShouldBe(2);
    }

    [Fact]
    public async Task When_nobody_can_tell_in_time_the_outcome_is_unknown_and_the_store_recovers()
    {
        await using var hasty = await Open(TimeSpan.FromSeconds(1));
        await hasty.Log.MustAppend("b", 0, Sample.Event());
        _proxy.LosesReplies = true;

        var unavailable = await Should.ThrowAsync<StoreUnavailableException>(
            () => hasty.Log.Append("a", 0, Sample.Event()).WaitAsync(TimeSpan.FromSeconds(30)));
        unavailable.OutcomeUnknown.ShouldBeTrue();

        _proxy.Cut();
        (await hasty.Log.Append("b", 1, Sample.Event())).ShouldBeOfType<AppendResult.Appended>();
        (await _direct.Log.Load(Sample.Order("a"))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_view_commit_whose_reply_is_lost_takes_effect_once_and_is_known_to_have()
    {
        var view = new ViewSchema("orders", 1, [new ViewField("total", ViewFieldKind.Number, Indexed: true)]);
        await _store.Views.Define(view);
        _proxy.LosesReplies = true;
        var commit = _store.Views.Commit(new("s", 0, 0, 7), [new DocumentChange.Put(view, "x", """{"total":7}"""u8.ToArray())]);
        while (await _direct.Views.Checkpoint("s", 0) == 0)
        {
            await Task.Yield();
        }

        _proxy.Cut();

        (await commit).ShouldBeTrue();
        (await _store.Views.Commit(new("s", 0, 0, 8), [])).ShouldBeFalse();
        (await _store.Views.FindBy(view, "total", 7m)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wake_ups_survive_a_lost_connection()
    {
        // Only the listener can tell: nothing is asked for here by the clock.
        _proxy.Cut();
        var waiting = _store.Log.WaitBeyond(0, CancellationToken.None);

        await _direct.Log.MustAppend("a", 0, Sample.Event());

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        _store.Log.Head.ShouldBe(1);
    }

    [Fact]
    public async Task Wake_ups_survive_a_connection_that_nobody_closes_and_nothing_comes_through()
    {
        await using var asking = await Open(TimeSpan.FromSeconds(1));
        _proxy.Forget();
        var waiting = asking.Log.WaitBeyond(0, CancellationToken.None);

        await _direct.Log.MustAppend("a", 0, Sample.Event());

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<PostgreSqlStore> Open(TimeSpan appendTimeout)
    {
        var options = _direct.Options with
        {
            ConnectionString = _direct.Options.ConnectionString.Replace(
                $"Port={_direct.Server.Port}", $"Cancellation Timeout=200;Port={_proxy.Port}"),
            AppendTimeout = appendTimeout,
            ReadTimeout = appendTimeout,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            PollInterval = TimeSpan.FromHours(1),
        };
        return PostgreSqlStore.Open(options);
    }
}
