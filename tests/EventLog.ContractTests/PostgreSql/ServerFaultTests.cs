namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The server itself fails.</summary>
public sealed class ServerFaultTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task When_the_server_restarts_under_load_nothing_acknowledged_is_lost_and_nothing_doubled(string signal)
    {
        await using var server = await PostgreSqlServer.Start();
        await using var under = await PostgreSqlUnderTest.Create(server: server);
        await using var store = await under.OpenAnother(TimeProvider.System);
        var writers = Enumerable.Range(0, 16).Select(n => Task.Run(() => RacingWriter.Run(store.Log, $"s{n % 8}", 200))).ToList();
        await store.Log.WaitBeyond(500, CancellationToken.None);

        await server.Stop(signal);
        await server.StartAgain();

        var acknowledged = await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        await LogCheck.Holds(store.Log, [.. acknowledged.SelectMany(ids => ids)]);
    }

    [Fact]
    public async Task Without_a_server_an_append_fails_in_time_and_it_recovers()
    {
        await using var server = await PostgreSqlServer.Start();
        await using var under = await PostgreSqlUnderTest.Create(
            options => options with { AppendTimeout = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(1) }, server);
        await using var store = await under.OpenAnother(TimeProvider.System);
        await server.Stop("INT");

        await Should.ThrowAsync<StoreUnavailableException>(
            () => store.Log.Append("a", 0, Sample.Event()).WaitAsync(TimeSpan.FromSeconds(10)));
        await Should.ThrowAsync<StoreUnavailableException>(
            () => store.Log.Load(Sample.Order("a")).WaitAsync(TimeSpan.FromSeconds(10)));

        await server.StartAgain();
        await store.Log.MustAppend("a", 0, Sample.Event());
    }

    // A server that takes no writes any more, and a full disk, as the server tells of them.
    [Theory]
    [InlineData("25006")]
    [InlineData("53100")]
    public async Task A_server_that_cannot_write_is_told_at_once_and_reading_goes_on(string state)
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Log.MustAppend("a", 0, Sample.Event());
        await store.Server.Execute(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON loire.events FOR EACH ROW EXECUTE FUNCTION refuse()
            """,
            store.Database);

        var unavailable = await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("a", 1, Sample.Event()));
        unavailable.OutcomeUnknown.ShouldBeFalse();
        (await store.Log.Load(Sample.Order("a"))).ShouldHaveSingleItem();

        await store.Server.Execute("DROP TRIGGER refuse ON loire.events", store.Database);
        (await store.Log.MustAppend("a", 1, Sample.Event())).Position.ShouldBe(2);
    }

    [Fact]
    public async Task A_writer_elsewhere_that_does_not_go_on_holds_nobody_up_for_ever()
    {
        await using var under = await PostgreSqlUnderTest.Create(options => options with { AppendTimeout = TimeSpan.FromSeconds(1) });
        await using var store = await under.OpenAnother(TimeProvider.System);
        var holding = under.Server.Execute("BEGIN; SELECT 1 FROM loire.head FOR UPDATE; SELECT pg_sleep(600)", under.Database);
        while (await under.Server.Ask<long>("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock'", under.Database) == 0)
        {
            await Task.Delay(10);
        }

        await Should.ThrowAsync<StoreUnavailableException>(
            () => store.Log.Append("a", 0, Sample.Event()).WaitAsync(TimeSpan.FromSeconds(20)));

        await under.Server.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{under.Database}' AND wait_event = 'PgSleep'");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => holding);
        (await store.Log.Append("b", 0, Sample.Event())).ShouldBeOfType<AppendResult.Appended>();
    }
}
