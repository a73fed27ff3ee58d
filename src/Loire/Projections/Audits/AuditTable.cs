using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>The last audit of each view.</summary>
internal sealed class AuditTable(IViewStore store) : WorkTable<AuditReport>(store, "audits")
{
    protected override AuditReport Revised(AuditReport work, long revision) => work with { Revision = revision };
}
