using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>The last rebuild of each view.</summary>
internal sealed class RebuildTable(IViewStore store) : WorkTable<RebuildPlan>(store, SystemViews.Rebuilds);
