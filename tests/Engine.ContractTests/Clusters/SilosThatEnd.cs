namespace Loire.Engine.ContractTests.Clusters;

public sealed class SilosThatEnd
{
    [Fact]
    public async Task The_grains_of_a_stopped_silo_are_deactivated_and_come_back_elsewhere()
    {
        await using var silos = await TestSilos.Start(2);
        var stopped = silos.Cluster.Silos[1];
        var grain = await silos.GrainOn(stopped);
        await silos.Cluster.StopSiloAsync(stopped);
        (await silos.Signals.Next<DeactivationReasonCode>("deactivated " + grain.GetPrimaryKeyString()))
            .ShouldBe(DeactivationReasonCode.ShuttingDown);
        (await TestSilos.Eventually(grain.Silo)).ShouldBe(silos.Cluster.Silos[0].SiloAddress);
    }

    [Fact]
    public async Task The_grains_of_a_killed_silo_come_back_elsewhere()
    {
        await using var silos = await TestSilos.Start();
        var killed = silos.Cluster.Silos[1];
        var grain = await silos.GrainOn(killed);
        var before = await grain.Incarnation();
        await silos.Kill(killed);
        (await TestSilos.Eventually(grain.Incarnation)).ShouldNotBe(before);
        (await grain.Silo()).ShouldNotBe(killed.SiloAddress);
    }

    [Fact]
    public async Task A_call_that_runs_on_a_killed_silo_fails()
    {
        await using var silos = await TestSilos.Start(2);
        var killed = silos.Cluster.Silos[1];
        var grain = await silos.GrainOn(killed);
        var call = grain.WaitFor("kill", CancellationToken.None);
        await silos.Signals.Wait("waiting for kill");
        await silos.Cluster.KillSiloAsync(killed);
        (await Ended(call)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_timers_of_a_killed_silo_are_dead()
    {
        await using var silos = await TestSilos.Start(2);
        var killed = silos.Cluster.Silos[1];
        var grain = await silos.GrainOn(killed);
        await grain.StartTicking("tick");
        var before = await silos.Signals.Next<Guid>("tick");
        await silos.Kill(killed);
        while (silos.Signals.Count("tick") > 0)
        {
            await silos.Signals.Next<Guid>("tick");
        }

        await TestSilos.Eventually(grain.Incarnation);
        await grain.StartTicking("tick");
        for (var i = 0; i < 10; i++)
        {
            (await silos.Signals.Next<Guid>("tick")).ShouldNotBe(before);
        }
    }

    [Fact]
    public async Task A_grain_goes_on_with_a_reference_that_a_killed_silo_gave_it()
    {
        await using var silos = await TestSilos.Start();
        var (survivor, killed) = (silos.Cluster.Silos[0], silos.Cluster.Silos[1]);
        var keeper = await silos.GrainOn(survivor);
        var kept = TestSilos.Of(TestSilos.FactoryOf(killed), "kept");
        await TestSilos.Of(TestSilos.FactoryOf(killed), keeper.GetPrimaryKeyString()).Keep(kept);
        await silos.Kill(killed);
        (await TestSilos.Eventually(keeper.SiloOfKept)).ShouldNotBe(killed.SiloAddress);
    }

    [Fact]
    public async Task When_a_silo_is_killed_under_load_every_call_ends()
    {
        await using var silos = await TestSilos.Start();
        using var stop = new CancellationTokenSource();
        var succeeded = 0;
        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                if (await Ended(silos.Grain($"g{(caller * 31) + (i % 50)}").Add(1)) is null)
                {
                    Interlocked.Increment(ref succeeded);
                }
            }
        })).ToList();
        await TestSilos.Eventually(() => silos.Grain("g1").Add(1));
        await silos.Kill(silos.Cluster.Silos[1]);
        var before = Volatile.Read(ref succeeded);
        await TestSilos.Eventually(() => silos.Grain("g1").Add(1));
        await TestSilos.Eventually(() => Volatile.Read(ref succeeded) > before
            ? Task.FromResult(true)
            : throw new TimeoutException("No call has succeeded since"));
        await stop.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(TestSilos.Limit);
    }

    // In Orleans a caller that was not told of the silo's death gets no reply in time.
    private static async Task<Exception?> Ended(Task call)
    {
        await Task.WhenAny(call).WaitAsync(TestSilos.Limit);
        return call.Exception?.InnerException switch
        {
            null => null,
            SiloUnavailableException failure => failure,
#if ORLEANS
            OrleansException or TimeoutException => call.Exception.InnerException,
#endif
            var defect => throw defect,
        };
    }
}
