#if !ORLEANS
using Loire.Engine.ContractTests.Reminders;
#endif
using Loire.Engine.ContractTests.Streams;

namespace Loire.Engine.ContractTests.Clusters;

public sealed class StreamsAcrossSilos
{
    [Fact]
    public async Task Items_arrive_in_order_wherever_the_consumer_is()
    {
        await using var silos = await Start();
        var stream = silos.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k"));
        for (var i = 1; i <= 100; i++)
        {
            await stream.OnNextAsync(i);
        }

        for (var i = 1; i <= 100; i++)
        {
            (await silos.Signals.Next<int>("k")).ShouldBe(i);
        }
    }

    [Fact]
    public async Task Streams_go_on_when_the_silo_of_their_consumer_is_killed()
    {
        await using var silos = await Start();
        var stream = silos.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k"));
        await stream.OnNextAsync(1);
        (await silos.Signals.Next<int>("k")).ShouldBe(1);
        var management = silos.Client.GetGrain<IManagementGrain>(0);
        var address = (await management.GetActivationAddress(silos.Client.GetGrain<IConsumerGrain>("k"))).ShouldNotBeNull();
        await silos.Kill(silos.Cluster.GetSiloForAddress(address).ShouldNotBeNull());

        // What was in the memory of the killed silo may be lost, so it is sent until it arrives.
        var received = silos.Signals.Next<int>("k");
        await TestSilos.Eventually(async () =>
        {
            await stream.OnNextAsync(2);
            return await received.WaitAsync(TimeSpan.FromSeconds(1));
        });
        (await received).ShouldBe(2);
    }

#if !ORLEANS
    // In Orleans reminders in memory end with the silo that has them.
    [Fact]
    public async Task Reminders_go_on_when_a_silo_is_killed()
    {
        await using var silos = await TestSilos.Start(2, silo => silo.UseInMemoryReminderService());
        var grains = Enumerable.Range(0, 20).Select(i => silos.Client.GetGrain<IReminderGrain>($"r{i}")).ToList();
        await Task.WhenAll(grains.Select(
            (grain, i) => grain.Remind($"pay {i}", TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1))));
        await silos.Kill(silos.Cluster.Silos[1]);
        var ticks = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            ticks.Add(await silos.Signals.Next<string>("reminded"));
        }

        ticks.Count.ShouldBe(20);
        silos.Signals.Count("reminded").ShouldBe(0);
    }
#endif

    private static Task<TestSilos> Start() => TestSilos.Start(
        3,
        silo => silo
            .AddMemoryGrainStorage("PubSubStore")
            .AddMemoryStreams("memory", streams => streams.ConfigurePullingAgent(
                agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)))),
        client => client.AddMemoryStreams("memory"));
}
