using System.Collections.Concurrent;
using Commerce.Accounts;
using Loire.Reactors;

namespace Loire.Benchmarks.Campaign;

/// <summary>Notes what it was given, and is slow now and then.</summary>
internal sealed class CampaignReactor : Reactor
{
    public CampaignReactor(Trouble trouble, Deliveries deliveries)
        : base("campaign-reactor") =>
        On<AccountEvent.Deposited>(async (e, delivery) =>
        {
            trouble.Meet("campaign-reactor", e, delivery.Event);
            if (delivery.Event.Position % 5003 == 0)
            {
                await Task.Delay(30, delivery.Cancellation);
            }

            trouble.Expect(deliveries.Note(delivery.Event.AggregateId, delivery.Event.Version), "campaign-reactor", delivery.Event);
        });
}

/// <summary>How far a reactor has been given the events of each aggregate. Outside of silos, as what it does would be.</summary>
internal sealed class Deliveries
{
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public long VersionOf(string account) => _versions.GetValueOrDefault(account);

    /// <returns>Whether the aggregate's event before it has been delivered.</returns>
    public bool Note(string account, long version)
    {
        Interlocked.Increment(ref _count);
        var before = _versions.GetValueOrDefault(account);
        _versions.AddOrUpdate(account, version, (_, known) => Math.Max(known, version));
        return version <= before + 1;
    }
}
