using Commerce.Accounts;
using Loire.Projections;

namespace Loire.Benchmarks.DeadLetters;

/// <summary>How many deposits of an account were handled, and whether each came after the one before it.</summary>
internal sealed record Tally(long Count, long LastVersion, bool InOrder);

/// <summary>Fails on deposits of 13, while it is told to.</summary>
internal sealed class TallyView : Projection<Tally>
{
    public const decimal Bad = 13;

    public TallyView()
        : base("tally")
    {
        On<AccountEvent.Deposited>((tally, e, info) => e.Amount.Amount == Bad && Fails
            ? throw new InvalidOperationException("13 is bad luck")
            : new Tally((tally?.Count ?? 0) + 1, info.Version, (tally?.InOrder ?? true) && info.Version == (tally?.LastVersion ?? 1) + 1));
    }

    public static bool Fails { get; set; }
}
