using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>The last audit of each view.</summary>
internal sealed class AuditTable(IViewStore store) : WorkTable<AuditReport>(store, SystemViews.Audits);
