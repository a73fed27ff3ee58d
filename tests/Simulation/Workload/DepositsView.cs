using System.Globalization;
using Commerce.Accounts;
using Loire.Projections;

namespace Loire.Simulation.Workload;

/// <summary>How often an amount was deposited.</summary>
internal sealed record DepositCount(string Amount, int Deposits);

/// <summary>Counts deposits by their amount, in three partitions: documents that events of many aggregates change.</summary>
internal sealed class DepositsView : Projection<DepositCount>
{
    /// <param name="bad">Which deposits it cannot handle, in whichever fold; not given where nothing is to fail.</param>
    public DepositsView(BadEvents? bad = null)
        : base("deposits", partitions: 3)
    {
        var totals = Output<DepositCount>("deposit-totals");
        On<AccountEvent.Deposited>(
            (e, _) => AmountOf(e),
            (view, e, info) =>
            {
                bad?.Meet(info.Position);
                return new DepositCount(AmountOf(e), (view?.Deposits ?? 0) + 1);
            });
        On<AccountEvent.Deposited, DepositCount>(
            totals, (_, _) => "all", (view, _, _) => new DepositCount("all", (view?.Deposits ?? 0) + 1));
    }

    private static string AmountOf(AccountEvent.Deposited e) => e.Amount.Amount.ToString(CultureInfo.InvariantCulture);
}
