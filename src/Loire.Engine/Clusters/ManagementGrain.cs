using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Reads what the silos of this process know about themselves.</summary>
internal sealed class ManagementGrain(EngineRuntime runtime, GrainId id) : GrainReference(runtime, id), IManagementGrain
{
    public static readonly GrainType Type = GrainType.Create("management");

    private ImmutableArray<EngineRuntime> Silos => Runtime switch
    {
        { IsDead: true } dead => throw new SiloUnavailableException($"{dead.Name} has stopped"),
        { Cluster: { } cluster } => cluster.Membership.Silos,
        var only => [only],
    };

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false)
    {
        var silos = Silos;
        var all = Runtime.Cluster is { } cluster && !onlyActive
            ? new Dictionary<SiloAddress, SiloStatus>(cluster.Membership.Statuses)
            : silos.ToDictionary(silo => silo.Address, _ => SiloStatus.Active);
        return Task.FromResult(all);
    }

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) => Task.FromResult<SimpleGrainStatistic[]>(
        [.. Silos.Where(silo => hostsIds.Contains(silo.Address)).SelectMany(Count)]);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() =>
        Task.FromResult<SimpleGrainStatistic[]>([.. Silos.SelectMany(Count)]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(Silos.Sum(silo => silo.Catalog.Count));

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference)
    {
        var grain = reference.GetGrainId();
        return new(Silos.Select(silo => silo.Catalog.Find(grain, 0)).FirstOrDefault(found => found is not null)?.Runtime.Address);
    }

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit) =>
        Task.WhenAll(Silos.Where(silo => hostsIds.Contains(silo.Address)).Select(silo => silo.Collect(ageLimit)));

    public Task ForceActivationCollection(TimeSpan ageLimit) => Task.WhenAll(Silos.Select(silo => silo.Collect(ageLimit)));

    private static IEnumerable<SimpleGrainStatistic> Count(EngineRuntime silo) =>
        silo.Catalog.All.GroupBy(activation => activation.Class).Select(group => new SimpleGrainStatistic
        {
            GrainType = group.Key.Type.FullName!,
            SiloAddress = silo.Address,
            ActivationCount = group.Count(),
        });
}
