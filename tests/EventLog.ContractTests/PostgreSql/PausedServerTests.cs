using Loire.EventLog.PostgreSql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The server neither answers nor closes a connection: it is paused, or busy with something else.</summary>
public sealed class PausedServerTests(PausedServerTests.OwnServer own) : IAsyncLifetime, IClassFixture<PausedServerTests.OwnServer>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // The limit, as much again for an attempt that is under way, a connection, the attempt to cancel; and slow machines.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private PostgreSqlUnderTest _under = null!;
    private PostgreSqlStore _store = null!;

    private PostgreSqlServer Server => own.Server;

    private string Activity => $"pg_stat_activity WHERE datname = '{_under.Database}'";

    public async ValueTask InitializeAsync()
    {
        _under = await PostgreSqlUnderTest.Create(
            options => options with { AppendTimeout = Limit, ReadTimeout = Limit, ConnectTimeout = Limit }, Server);
        _store = await _under.OpenAnother(TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _under.DisposeAsync();
    }

    [Fact]
    public async Task While_the_server_is_paused_everything_fails_in_time_and_then_goes_on_with_nothing_lost_or_doubled()
    {
        var writers = Enumerable.Range(0, 16)
            .Select(n => Task.Run(() => RacingWriter.Run(_store.Log, $"s{n % 8}", 250))).ToList();
        await _store.Log.WaitBeyond(300, CancellationToken.None);

        await Server.Pause();
        await Task.WhenAll(
            Fails(() => _store.Log.Append("other", 0, Sample.Event())),
            Fails(() => _store.Log.Load(Sample.Order("s0"))),
            Fails(() => _store.Views.Commit(new("s", 0, 0, 1), [])));
        writers.ShouldContain(writer => !writer.IsCompleted);
        await Server.Resume();

        var acknowledged = await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        var events = (await _store.Log.Everything()).Where(e => e.Stream.Id != "other").Select(e => e.EventId);
        events.Order().ShouldBe(acknowledged.SelectMany(ids => ids).Order());
        await LogCheck.HasNoGaps(_store.Log);
    }

    // As when they take longer than the server allows.
    [Fact]
    public async Task While_statements_are_cancelled_nothing_is_lost_or_doubled()
    {
        var writers = Enumerable.Range(0, 16)
            .Select(n => Task.Run(() => RacingWriter.Run(_store.Log, $"s{n % 8}", 100))).ToList();
        await _store.Log.WaitBeyond(300, CancellationToken.None);

        var holding = Server.Execute("BEGIN; SELECT FROM loire.head FOR UPDATE; SELECT pg_sleep(600)", _under.Database);
        while (await Server.Ask<long>($"SELECT count(*) FROM {Activity} AND wait_event = 'PgSleep'", _under.Database) == 0)
        {
            await Task.Delay(10);
        }

        var failing = Fails(() => _store.Log.Append("other", 0, Sample.Event()));
        while (!failing.IsCompleted)
        {
            await Server.Execute($"SELECT pg_cancel_backend(pid) FROM {Activity} AND wait_event_type = 'Lock'", _under.Database);
        }

        await failing;
        await Server.Execute($"SELECT pg_terminate_backend(pid) FROM {Activity} AND wait_event = 'PgSleep'", _under.Database);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => holding);

        var acknowledged = await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        await LogCheck.Holds(_store.Log, [.. acknowledged.SelectMany(ids => ids)]);
    }

    [Fact]
    public async Task A_store_is_closed_in_time_while_the_server_is_paused()
    {
        var other = await _under.OpenAnother(TimeProvider.System);
        await other.Log.MustAppend("a", 0, Sample.Event());
        await Server.Pause();
        var late = other.Log.Append("a", 1, Sample.Event());

        await other.DisposeAsync().AsTask().WaitAsync(Bound);

        await Should.ThrowAsync<StoreUnavailableException>(() => late);
        await Server.Resume();
    }

    private static Task Fails(Func<Task> work) => Should.ThrowAsync<StoreUnavailableException>(() => work().WaitAsync(Bound));

    /// <summary>A server for these tests, for it does not serve others while it is paused.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        internal PostgreSqlServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await PostgreSqlServer.Start();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
