using Loire.EventLog.PostgreSql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The server neither answers nor closes a connection: it is paused, or busy with something else.</summary>
public sealed class PausedServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // The limit, as much again for an attempt that is under way, a connection, the attempt to cancel; and slow machines.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private const string Holder = "pg_stat_activity WHERE wait_event = 'PgSleep'";

    private PostgreSqlServer server = null!;
    private PostgreSqlUnderTest under = null!;
    private PostgreSqlStore store = null!;

    public async ValueTask InitializeAsync()
    {
        server = await PostgreSqlServer.Start();
        under = await PostgreSqlUnderTest.Create(
            options => options with { AppendTimeout = Limit, ReadTimeout = Limit, ConnectTimeout = Limit }, server);
        store = await under.OpenAnother(TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await under.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task While_the_server_is_paused_everything_fails_in_time_and_then_goes_on_with_nothing_lost_or_doubled()
    {
        var writers = Enumerable.Range(0, 16).Select(n => Task.Run(() => RacingWriter.Run(store.Log, $"s{n % 8}", 100))).ToList();
        await store.Log.WaitBeyond(300, CancellationToken.None);

        await server.Pause();
        await Task.WhenAll(
            Fails(() => store.Log.Append("other", 0, Sample.Event())),
            Fails(() => store.Log.Load(Sample.Order("s0"))),
            Fails(() => store.Views.Commit(new("s", 0, 0, 1), [])));
        writers.ShouldContain(writer => !writer.IsCompleted);
        await server.Resume();

        var acknowledged = await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        var events = (await store.Log.Everything()).Where(e => e.Stream.Id != "other").Select(e => e.EventId);
        events.Order().ShouldBe(acknowledged.SelectMany(ids => ids).Order());
        await LogCheck.HasNoGaps(store.Log);
    }

    [Fact]
    public async Task While_statements_time_out_nothing_is_lost_or_doubled()
    {
        await server.Execute($"ALTER DATABASE {under.Database} SET statement_timeout = 100");
        await using var hurried = await PostgreSqlStore.Open(
            under.Options with { ConnectionString = $"{under.Options.ConnectionString};Application Name=hurried" });
        var writers = Enumerable.Range(0, 16).Select(n => Task.Run(() => RacingWriter.Run(hurried.Log, $"s{n % 8}", 100))).ToList();
        await hurried.Log.WaitBeyond(300, CancellationToken.None);

        var holding = server.Execute(
            "SET statement_timeout = 0; BEGIN; SELECT FROM loire.head FOR UPDATE; SELECT pg_sleep(600)", under.Database);
        while (await server.Ask<long>($"SELECT count(*) FROM {Holder}", under.Database) == 0)
        {
            await Task.Delay(10);
        }

        await Fails(() => hurried.Log.Append("other", 0, Sample.Event()));
        await server.Execute($"SELECT pg_terminate_backend(pid) FROM {Holder}", under.Database);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => holding);

        var acknowledged = await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        await LogCheck.Holds(hurried.Log, [.. acknowledged.SelectMany(ids => ids)]);
    }

    [Fact]
    public async Task A_store_is_closed_in_time_while_the_server_is_paused()
    {
        var other = await under.OpenAnother(TimeProvider.System);
        await other.Log.MustAppend("a", 0, Sample.Event());
        await server.Pause();
        var late = other.Log.Append("a", 1, Sample.Event());

        await other.DisposeAsync().AsTask().WaitAsync(Bound);

        await Should.ThrowAsync<StoreUnavailableException>(() => late);
        await server.Resume();
    }

    private static Task Fails(Func<Task> work) => Should.ThrowAsync<StoreUnavailableException>(() => work().WaitAsync(Bound));
}
