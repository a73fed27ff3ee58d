using System.Security.Cryptography;
using Npgsql;

namespace Loire.EventLog.ContractTests.PostgreSql;

public sealed class PostgreSqlDiskFullTests
{
    private const int Megabytes = 96;

    [Fact]
    public async Task When_the_disk_of_the_tables_is_full_appends_are_refused_reading_goes_on_and_with_room_so_do_they()
    {
        await using var server = await PostgreSqlServer.Start(new SmallDisk(Megabytes, holdsAll: false));
        await server.Execute($"CREATE TABLESPACE small LOCATION '{server.Disk!.Folder}'");
        await using var under = await PostgreSqlUnderTest.Create(server: server, tablespace: "small");
        server.Disk.FillUp(leave: 1 << 20);

        var (acknowledged, refused) = await AppendUntilRefused(under.Log);

        refused.OutcomeUnknown.ShouldBeFalse();
        acknowledged.ShouldNotBeEmpty();
        (await under.Log.Everything()).Select(e => e.EventId).ShouldBe(acknowledged);
        server.Disk.MakeRoom();
        acknowledged.Add(await Append(under.Log, acknowledged.Count));
        await LogCheck.Holds(under.Log, acknowledged);
    }

    // The server then ends, for it cannot log.
    [Fact]
    public async Task When_there_is_no_room_for_the_servers_own_log_nothing_acknowledged_is_lost()
    {
        await using var server = await PostgreSqlServer.Start(new SmallDisk(Megabytes, holdsAll: true));
        await using var under = await PostgreSqlUnderTest.Create(
            options => options with { AppendTimeout = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(1) }, server);
        await using var store = await under.OpenAnother(TimeProvider.System);
        List<Guid> acknowledged = [];
        while (acknowledged.Count < 20)
        {
            acknowledged.Add(await Append(store.Log, acknowledged.Count));
        }

        server.Disk!.FillUp();
        await FillLog(server);
        var (more, _) = await AppendUntilRefused(store.Log, acknowledged.Count);

        server.Disk.MakeRoom();
        await server.Stop("INT");
        await server.StartAgain();
        acknowledged.AddRange(more);
        (await store.Log.Everything()).Select(e => e.EventId).Take(acknowledged.Count).ShouldBe(acknowledged);
        await Append(store.Log, (await store.Log.Load(Sample.Order("a"))).Count);
        await LogCheck.HasNoGaps(store.Log);
    }

    private static async Task FillLog(PostgreSqlServer server)
    {
        const string fill = "SELECT pg_logical_emit_message(false, 'fill', repeat('x', 10000000))";
        Exception? end = null;
        while (end is null)
        {
            end = await Record.ExceptionAsync(() => server.Execute(fill));
        }

        end.ShouldBeAssignableTo<NpgsqlException>();
    }

    private static async Task<(List<Guid> Acknowledged, StoreUnavailableException Refused)> AppendUntilRefused(IEventLog log, int version = 0)
    {
        List<Guid> acknowledged = [];
        while (true)
        {
            try
            {
                acknowledged.Add(await Append(log, version + acknowledged.Count).WaitAsync(TimeSpan.FromSeconds(30)));
            }
            catch (StoreUnavailableException refused)
            {
                return (acknowledged, refused);
            }
        }
    }

    private static async Task<Guid> Append(IEventLog log, int version)
    {
        var e = Sample.Event(data: $"\"{Convert.ToHexString(RandomNumberGenerator.GetBytes(10_000))}\"");
        await log.MustAppend("a", version, e);
        return e.EventId;
    }
}
