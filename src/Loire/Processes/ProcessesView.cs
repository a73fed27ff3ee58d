using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Timers;

namespace Loire.Processes;

/// <summary>All processes, for people and for timers.</summary>
public sealed class ProcessesView : Projection<ProcessView>
{
    public const string Name = "processes";

    public ProcessesView()
        : base(Name)
    {
        OnProcess<ProcessEvent.Moved>((view, e, info) => view.Moved(e, info), e => e.Input, e => e.To);
        OnProcess<ProcessEvent.Ignored>((view, _, _) => view, e => e.Input, _ => null);
        OnProcess<ProcessEvent.Failed>((view, e, _) => view.Failed(e), e => e.Input, e => e.Reason);
        OnProcess<ProcessEvent.CommandSent>((view, e, _) => view.Without(e.Number), _ => null, e => $"command {e.Number}");
        OnProcess<ProcessEvent.CommandRejected>((view, _, _) => view, _ => null, e => $"command {e.Number}: {e.Code}: {e.Reason}");
        OnProcess<ProcessEvent.CommandWithdrawn>((view, e, _) => view.Without(e.Number), _ => null, e => $"command {e.Number}");
    }

    /// <summary>Wakes the processes whose documents say so.</summary>
    internal WakeUpSource WakeUps => new(View, document => TargetOf(document));

    private static GrainId TargetOf(ViewDocument document)
    {
        var separator = document.Id.IndexOf(':', StringComparison.Ordinal);
        return GrainId.Create(document.Id[..separator], document.Id[(separator + 1)..]);
    }

    private void OnProcess<TEvent>(
        Func<ProcessView, TEvent, EventInfo, ProcessView> apply, Func<TEvent, ProcessInput?> input, Func<TEvent, string?> detail)
        where TEvent : ProcessEvent =>
        On<TEvent>(
            (_, info) => $"{info.Aggregate}:{info.AggregateId}",
            (view, e, info) =>
            {
                var what = JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TEvent).Name);
                var entry = new ProcessHistoryEntry(what, input(e)?.Name, detail(e), info.OccurredAt);
                return apply(view ?? ProcessView.Of(info), e, info).Then(entry, info);
            });
}
