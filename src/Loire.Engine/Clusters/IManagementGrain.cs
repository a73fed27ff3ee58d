namespace Orleans.Runtime;

/// <summary>What the silos do. The key makes no difference.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos that there are, and unless <paramref name="onlyActive"/> those that there have been.</summary>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <summary>What is known of the silos that there are, and unless <paramref name="onlyActive"/> of those that there have been.</summary>
    Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false);

    /// <summary>How many activations each class has on each of some silos.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds);

    /// <summary>How many activations each class has on each silo.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>Each activation, on all silos or some, of all classes or of those with some full names.</summary>
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null);

    /// <summary>How many activations there are.</summary>
    Task<int> GetTotalActivationCount();

    /// <summary>Where a grain is active, or null.</summary>
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);

    /// <summary>Deactivates the grains on some silos that have been idle for so long; waits until they have ended.</summary>
    Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit);

    /// <summary>Deactivates the grains that have been idle for so long; waits until they have ended.</summary>
    Task ForceActivationCollection(TimeSpan ageLimit);
}
