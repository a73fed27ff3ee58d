namespace Orleans.Runtime;

/// <summary>What the silos do. The key makes no difference.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos that there are, and unless <paramref name="onlyActive"/> those that there have been.</summary>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <summary>How many activations each class has on each of some silos.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds);

    /// <summary>How many activations each class has on each silo.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>How many activations there are.</summary>
    Task<int> GetTotalActivationCount();

    /// <summary>Where a grain is active, or null.</summary>
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);

    /// <summary>Deactivates the grains on some silos that have been idle for so long; waits until they have ended.</summary>
    Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit);

    /// <summary>Deactivates the grains that have been idle for so long; waits until they have ended.</summary>
    Task ForceActivationCollection(TimeSpan ageLimit);
}

/// <summary>How many activations a class has on a silo.</summary>
[GenerateSerializer, Immutable]
public sealed class SimpleGrainStatistic
{
    /// <summary>The full name of the class.</summary>
    [Id(0)]
    public string GrainType { get; init; } = "";

    /// <summary>The silo.</summary>
    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = null!;

    /// <summary>How many.</summary>
    [Id(2)]
    public int ActivationCount { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{ActivationCount} of {GrainType} on {SiloAddress}";
}
