namespace Loire.Engine.ContractTests.Clusters;

public sealed class CallsBetweenSilos
{
    [Fact]
    public async Task A_grain_calls_another_on_another_silo()
    {
        await using var silos = await TestSilos.Start(2);
        var (here, there) = await Pair(silos);
        (await here.SiloOf(there)).ShouldBe(silos.Cluster.Silos[1].SiloAddress);
    }

    [Fact]
    public async Task An_exception_crosses_silos_with_type_and_message()
    {
        await using var silos = await TestSilos.Start(2);
        var (here, there) = await Pair(silos);
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => here.FailThrough(there, "out of stock"));
        failure.Message.ShouldBe("out of stock");
    }

    [Fact]
    public async Task A_cancelled_token_crosses_silos()
    {
        await using var silos = await TestSilos.Start(2);
        var (here, there) = await Pair(silos);
        using var cancellation = new CancellationTokenSource();
        var call = here.WaitThrough(there, "never", cancellation.Token);
        await silos.Signals.Wait("waiting for never");
        await cancellation.CancelAsync();
        await silos.Signals.Wait("cancelled never");
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Request_context_crosses_silos()
    {
        await using var silos = await TestSilos.Start(2);
        var (here, there) = await Pair(silos);
        RequestContext.Set("tenant", "north");
        (await here.ContextValueThrough(there, "tenant")).ShouldBe("north");
    }

    private static async Task<(IPlacedGrain Here, IPlacedGrain There)> Pair(TestSilos silos) =>
        (await silos.GrainOn(silos.Cluster.Silos[0]), await silos.GrainOn(silos.Cluster.Silos[1]));
}
