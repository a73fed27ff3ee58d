using System.Collections.Immutable;
using System.Net;
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

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(Hosts(onlyActive).ToDictionary(host => host.Key, host => host.Value.Status));

    public Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false) => Task.FromResult<MembershipEntry[]>(
        [.. Hosts(onlyActive).Select(static host => new MembershipEntry
        {
            SiloAddress = host.Key,
            Status = host.Value.Status,
            HostName = Dns.GetHostName(),
            SiloName = host.Value.Name,
            StartTime = host.Value.StartTime,
        })]);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) => Task.FromResult<SimpleGrainStatistic[]>(
        [.. Silos.Where(silo => hostsIds.Contains(silo.Address)).SelectMany(Count)]);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() =>
        Task.FromResult<SimpleGrainStatistic[]>([.. Silos.SelectMany(Count)]);

    public Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null) =>
        Task.FromResult<DetailedGrainStatistic[]>(
            [.. Silos.Where(silo => hostsIds is null || hostsIds.Contains(silo.Address)).SelectMany(silo => Detail(silo, types))]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(Silos.Sum(silo => silo.Catalog.Count));

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference)
    {
        var grain = reference.GetGrainId();
        return new(Silos.Select(silo => silo.Catalog.Find(grain, 0)).FirstOrDefault(found => found is not null)?.Runtime.Address);
    }

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit) =>
        Task.WhenAll(Silos.Where(silo => hostsIds.Contains(silo.Address)).Select(silo => silo.Collect(ageLimit)));

    public Task ForceActivationCollection(TimeSpan ageLimit) => Task.WhenAll(Silos.Select(silo => silo.Collect(ageLimit)));

    private IEnumerable<KeyValuePair<SiloAddress, Member>> Hosts(bool onlyActive)
    {
        var silos = Silos;
        return Runtime.Cluster is { } cluster && !onlyActive
            ? cluster.Membership.Members
            : silos.Select(silo => KeyValuePair.Create(silo.Address, Member.Of(silo)));
    }

    private static IEnumerable<DetailedGrainStatistic> Detail(EngineRuntime silo, string[]? types) => silo.Catalog.All
        .Where(activation => types is null || types.Contains(activation.Class.Type.FullName))
        .Select(activation => new DetailedGrainStatistic
        {
            GrainType = activation.Class.Type.FullName!, SiloAddress = silo.Address, GrainId = activation.GrainId,
        });

    private static IEnumerable<SimpleGrainStatistic> Count(EngineRuntime silo) =>
        silo.Catalog.All.GroupBy(activation => activation.Class).Select(group => new SimpleGrainStatistic
        {
            GrainType = group.Key.Type.FullName!,
            SiloAddress = silo.Address,
            ActivationCount = group.Count(),
        });
}
