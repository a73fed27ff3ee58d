using Loire.EventLog.ContractTests.PostgreSql;
using Loire.EventLog.PostgreSql;
using Loire.Silo.Cluster;
using Loire.Silo.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace EndToEnd.Cluster;

/// <summary>The state of users' grains, in the tables that the silo has made.</summary>
public sealed class GrainStateTests : IAsyncLifetime
{
    private const string Name = "note";

    private PostgreSqlServer _server = null!;
    private IHost _silo = null!;

    private IGrainStorage Storage => _silo.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.Start();
        _silo = await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop(_silo);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task State_outlives_the_silo_and_is_seen_by_others()
    {
        await Notes(_silo).Write("first");
        await Notes(_silo).Write("second");
        var other = await Start();
        await Stop(_silo);
        _silo = other;

        (await Notes(other).Read()).ShouldBe("second");
        await Notes(other).Write("third");
        (await Notes(other).Read()).ShouldBe("third");
    }

    [Theory]
    [InlineData("note/text: with ä and '")]
    [InlineData("note/7b")]
    [InlineData("note/0123456789abcdef0123456789abcdef")]
    [InlineData("note/0123456789abcdef0123456789abcdef+extended")]
    public async Task What_was_written_is_read_whatever_the_key(string grain)
    {
        var id = GrainId.Parse(grain);
        var written = new GrainState<Note>(new Note { Text = grain });
        await Storage.WriteStateAsync(Name, id, written);

        var read = await Read(id);

        read.State!.Text.ShouldBe(grain);
        read.ETag.ShouldBe(written.ETag);
        read.RecordExists.ShouldBeTrue();
        (await Read(GrainId.Parse("note/other"))).RecordExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_has_not_seen_the_last_write_may_not_write()
    {
        var id = GrainId.Parse("note/a");
        await Storage.WriteStateAsync(Name, id, new GrainState<Note>(new Note { Text = "first" }));
        var stale = await Read(id);
        var fresh = await Read(id);
        fresh.State = new Note { Text = "second" };
        await Storage.WriteStateAsync(Name, id, fresh);

        await Should.ThrowAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, id, stale));
        await Should.ThrowAsync<InconsistentStateException>(() => Storage.ClearStateAsync(Name, id, stale));
        await Should.ThrowAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync(Name, id, new GrainState<Note>(new Note { Text = "as if new" })));

        (await Read(id)).State!.Text.ShouldBe("second");
    }

    [Fact]
    public async Task Of_many_who_write_first_one_does()
    {
        var id = GrainId.Parse("note/b");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await Storage.WriteStateAsync(Name, id, new GrainState<Note>(new Note { Text = $"{i}" }));
                return $"{i}";
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        }));

        (await Read(id)).State!.Text.ShouldBe(outcomes.OfType<string>().ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_state_that_was_cleared_is_gone_and_can_be_written_again()
    {
        var id = GrainId.Parse("note/c");
        var state = new GrainState<Note>(new Note { Text = "x" });
        await Storage.WriteStateAsync(Name, id, state);
        await Storage.ClearStateAsync(Name, id, state);
        var cleared = await Read(id);
        cleared.RecordExists.ShouldBeFalse();
        cleared.State!.Text.ShouldBeNull();

        cleared.State = new Note { Text = "y" };
        await Storage.WriteStateAsync(Name, id, cleared);

        (await Read(id)).State!.Text.ShouldBe("y");
    }

    private static INoteGrain Notes(IHost silo) => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("n");

    private async Task<GrainState<Note>> Read(GrainId id)
    {
        var state = new GrainState<Note>(new Note());
        await Storage.ReadStateAsync(Name, id, state);
        return state;
    }

    private async Task<IHost> Start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var database = new PostgreSqlStoreOptions { ConnectionString = _server.ConnectionString() };
        builder.Services.AddPostgreSqlStore(database);
        builder.UseOrleans(silo => silo.UseCluster(new ClusterSettings { SiloPort = 0 }, database));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task Stop(IHost silo)
    {
        await silo.StopAsync();
        await ((IAsyncDisposable)silo).DisposeAsync();
    }
}
