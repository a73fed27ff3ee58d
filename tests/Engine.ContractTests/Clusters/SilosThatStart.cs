namespace Loire.Engine.ContractTests.Clusters;

public sealed class SilosThatStart
{
    [Fact]
    public async Task An_additional_silo_takes_grains()
    {
        await using var silos = await TestSilos.Start(1);
        var first = await silos.Grain("old").Silo();
        var added = await silos.Cluster.StartAdditionalSiloAsync();
        await silos.Cluster.WaitForLivenessToStabilizeAsync();
        (await silos.GrainOn(added)).ShouldNotBeNull();
        (await silos.Grain("old").Silo()).ShouldBe(first);
    }

    [Fact]
    public async Task A_restarted_silo_is_a_new_silo()
    {
        await using var silos = await TestSilos.Start(2);
        var old = silos.Cluster.Silos[1];
        var grain = await silos.GrainOn(old);
        var restarted = (await silos.Cluster.RestartSiloAsync(old)).ShouldNotBeNull();
        await silos.Cluster.WaitForLivenessToStabilizeAsync();
        restarted.SiloAddress.ShouldNotBe(old.SiloAddress);
        restarted.InstanceNumber.ShouldBe(old.InstanceNumber);
        old.IsActive.ShouldBeFalse();
        restarted.IsActive.ShouldBeTrue();
        (await TestSilos.Eventually(grain.Silo)).ShouldNotBe(old.SiloAddress);
        (await silos.GrainOn(restarted, "new")).ShouldNotBeNull();
    }
}
