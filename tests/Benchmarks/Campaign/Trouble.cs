using System.Collections.Concurrent;
using Commerce.Accounts;
using Loire.Projections;

namespace Loire.Benchmarks.Campaign;

/// <summary>What makes handlers fail or slow, and what must never be: an event of an aggregate before an earlier one.</summary>
internal sealed class Trouble
{
    public const decimal Poison = 13.13m;

    private readonly ConcurrentDictionary<(string Subscription, Guid Event), bool> _stumbled = [];

    /// <summary>Nobody can handle an event of that amount until this is set.</summary>
    public bool IsHealed { get; set; }

    public ConcurrentBag<string> Violations { get; } = [];

    /// <summary>Events that failed once, and then not any more.</summary>
    public int Stumbled => _stumbled.Count;

    public void Meet(string subscription, AccountEvent.Deposited e, EventInfo info)
    {
        if (e.Amount.Amount == Poison && !IsHealed)
        {
            throw new InvalidOperationException("13.13 is bad luck");
        }

        if (info.Position % 1009 == 0 && _stumbled.TryAdd((subscription, info.EventId), true))
        {
            throw new InvalidOperationException("It stumbles");
        }
    }

    /// <summary>Notes that an event was handled though the one before it was not.</summary>
    public void Expect(bool follows, string subscription, EventInfo info)
    {
        if (!follows)
        {
            Violations.Add($"{subscription} got version {info.Version} of {info.AggregateId} out of order");
        }
    }
}
