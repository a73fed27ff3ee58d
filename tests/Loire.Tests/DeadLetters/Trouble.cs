using System.Collections.Concurrent;
using Commerce.Accounts;
using Loire.Projections;

namespace Loire.Tests.DeadLetters;

/// <summary>Makes <see cref="JournalView"/> fail on deposits of some amounts, for as long as they are in here.</summary>
public sealed class Trouble
{
    private readonly ConcurrentDictionary<decimal, Exception> _bad = [];

    public bool Everything { get; set; }

    /// <summary>How often a failure was thrown.</summary>
    public int Thrown { get; private set; }

    public void With(decimal amount, Exception? failure = null) =>
        _bad[amount] = failure ?? new InvalidOperationException($"{amount:0} is bad luck");

    public void Over() => _bad.Clear();

    public void Meet(decimal amount)
    {
        if (_bad.TryGetValue(amount, out var failure) || Everything)
        {
            Thrown++;
            throw failure ?? new InvalidOperationException("broken");
        }
    }
}

/// <summary>The deposits of an account, in the order in which they were handled: what is lost, doubled or out of order shows.</summary>
public sealed record Deposits(string Amounts);

/// <summary>Fails half-way on what <see cref="Trouble"/> says: when it has changed its document already.</summary>
public sealed class JournalView : Projection<Deposits>
{
    public JournalView(Trouble trouble)
        : base("deposits")
    {
        On<AccountEvent.Deposited>(async (session, e, info) =>
        {
            var amounts = (await session.Find(Documents, info.AggregateId))?.Amounts;
            session.Put(Documents, info.AggregateId, new Deposits($"{amounts} {e.Amount.Amount:0}"));
            trouble.Meet(e.Amount.Amount);
        });
    }
}

/// <summary>The same in a later version, divided.</summary>
public abstract class DividedJournal : Projection<Deposits>
{
    protected DividedJournal(Trouble trouble, int version, int partitions)
        : base("deposits", version, partitions) =>
        On<AccountEvent.Deposited>((view, e, _) =>
        {
            trouble.Meet(e.Amount.Amount);
            return new Deposits($"{view?.Amounts} {e.Amount.Amount:0}");
        });
}
