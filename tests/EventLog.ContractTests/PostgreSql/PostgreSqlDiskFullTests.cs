using System.Security.Cryptography;

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

    // The server then ends by itself, for it cannot log, and comes up again once there is room.
    [Fact]
    public async Task When_the_disk_of_the_whole_server_is_full_nothing_acknowledged_is_lost()
    {
        await using var server = await PostgreSqlServer.Start(new SmallDisk(Megabytes, holdsAll: true));
        await using var under = await PostgreSqlUnderTest.Create(
            options => options with { AppendTimeout = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(1) }, server);
        await using var store = await under.OpenAnother(TimeProvider.System);
        server.Disk!.FillUp();

        var (acknowledged, _) = await AppendUntilRefused(store.Log);

        server.Disk.MakeRoom();
        await server.Stop("INT");
        await server.StartAgain();
        (await store.Log.Everything()).Select(e => e.EventId).Take(acknowledged.Count).ShouldBe(acknowledged);
        var (more, version) = (Sample.Event(), (await store.Log.Load(Sample.Order("a"))).Count);
        await store.Log.MustAppend("a", version, more);
        await LogCheck.HasNoGaps(store.Log);
    }

    private static async Task<(List<Guid> Acknowledged, StoreUnavailableException Refused)> AppendUntilRefused(IEventLog log)
    {
        List<Guid> acknowledged = [];
        while (true)
        {
            try
            {
                acknowledged.Add(await Append(log, acknowledged.Count).WaitAsync(TimeSpan.FromSeconds(30)));
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
