using Loire.EventLog.PostgreSql;
using Loire.EventLog.Views;
using Loire.Testing;
using Npgsql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The roles that deploy/postgresql/roles.sql makes: one that owns the tables, one that silos connect as.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private static readonly string Roles = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "roles.sql"));

    private readonly string _database = $"t{Guid.NewGuid():N}";
    private PostgreSqlServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.Shared;
        await _server.Execute($"CREATE DATABASE {_database}");
        await _server.Execute(Roles, _database);
    }

    public async ValueTask DisposeAsync() => await _server.Execute($"DROP DATABASE {_database} WITH (FORCE)");

    [Fact]
    public async Task Silos_need_no_more_than_the_role_for_silos()
    {
        await Migrate();
        await using var store = await Open("loire_app");
        var view = new ViewSchema("orders", 1, [new ViewField("total", ViewFieldKind.Number, Indexed: true)]);

        var first = await store.Log.MustAppend("a", 0, Sample.Event());
        var keyed = new AppendRequest(Sample.Order("a"), 1, Sample.Events(2), Sample.Key("k"));
        (await store.Log.Append(keyed)).ShouldBeOfType<AppendResult.Appended>();
        (await store.Log.Append(keyed with { Events = Sample.Events(2) })).ShouldBeOfType<AppendResult.Appended>().Replayed.ShouldBeTrue();
        (await store.Log.Save(Sample.Snapshot(first, 1))).ShouldBeTrue();
        await store.Views.Define(view);
        (await store.Views.Commit(new("s", 0, 0, 3), [new DocumentChange.Put(view, "x", """{"total":7}"""u8.ToArray())])).ShouldBeTrue();
        (await store.Views.Commit(new("s", 0, 3, 4), [new DocumentChange.Delete(view, "x")])).ShouldBeTrue();
        (await store.Log.Everything()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_silo_on_these_roles_removes_expired_receipts()
    {
        await Migrate();
        var time = new ManualTime();
        await using var store = await PostgreSqlStore.Open(Options("loire_app"), time);
        var expiry = time.GetUtcNow().AddSeconds(1);
        await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("k", expires: expiry)));

        time.Advance(TimeSpan.FromMinutes(1));

        while (await _server.Ask<long>("SELECT count(*) FROM loire.receipts", _database) > 0)
        {
            await Task.Delay(10);
        }
    }

    [Theory]
    [InlineData("DELETE FROM loire.events")]
    [InlineData("UPDATE loire.events SET data = '{}'")]
    [InlineData("TRUNCATE loire.events")]
    [InlineData("DROP TABLE loire.events")]
    [InlineData("ALTER TABLE loire.events DROP COLUMN data")]
    [InlineData("DROP INDEX loire.events_by_type")]
    [InlineData("DROP FUNCTION loire.append")]
    [InlineData("DROP SCHEMA loire CASCADE")]
    [InlineData("DELETE FROM loire.head")]
    [InlineData("INSERT INTO loire.migrations VALUES (99, now())")]
    [InlineData("CREATE SCHEMA other")]
    public async Task The_role_for_silos_cannot_take_away_what_has_happened(string sql)
    {
        await Migrate();
        await using var source = NpgsqlDataSource.Create(Options("loire_app").ConnectionString);
        await using var command = source.CreateCommand(sql);

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync()))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Who_may_not_make_the_tables_is_told_so()
    {
        var refused = await Should.ThrowAsync<StoreAccessException>(() => Open("loire_app"));

        refused.Message.ShouldContain("'loire_app' may not do it: permission denied");
        refused.Message.ShouldContain("--migrate");
    }

    [Fact]
    public async Task Who_may_not_change_the_tables_is_told_so()
    {
        await Migrate();
        await _server.Execute(
            """
            DELETE FROM loire.migrations WHERE version >= 3;
            DROP FUNCTION loire.move_checkpoint, loire.number_of, loire.boolean_of, loire.text_of, loire.readable
            """,
            _database);

        (await Should.ThrowAsync<StoreAccessException>(() => Open("loire_app"))).Message.ShouldContain("--migrate");
    }

    [Theory]
    [InlineData("REVOKE INSERT ON loire.events FROM loire_app", "INSERT on loire.events")]
    [InlineData("REVOKE DELETE ON loire.receipts FROM loire_app", "DELETE on loire.receipts")]
    [InlineData("REVOKE ALL ON SCHEMA loire FROM loire_app", "permission denied for schema loire")]
    public async Task A_right_that_is_missing_is_named(string sql, string named)
    {
        await Migrate();
        await _server.Execute(sql, _database);

        (await Should.ThrowAsync<StoreAccessException>(() => Open("loire_app"))).Message.ShouldContain(named);
    }

    private async Task Migrate()
    {
        await using (await Open("loire_owner"))
        {
        }

        await _server.Execute(Roles, _database);
    }

    private Task<PostgreSqlStore> Open(string role) => PostgreSqlStore.Open(Options(role));

    private PostgreSqlStoreOptions Options(string role) => new()
    {
        ConnectionString = _server.ConnectionString(_database).Replace("Username=postgres", $"Username={role}"),
    };
}
