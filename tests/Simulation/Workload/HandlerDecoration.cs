using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Simulation.Workload;

internal delegate Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation);

/// <summary>Handlers that do what another does, but for how they handle events.</summary>
internal static class HandlerDecoration
{
    public static ISubscriptionHandler Around(ISubscriptionHandler handler, Handle handle) =>
        handler is IGenerationHandler generations ? new OfGenerations(generations, handle) : new Plain(handle, handler);

    private class Plain(Handle handle, ISubscriptionHandler handler) : ISubscriptionHandler
    {
        public Task Prepare(CancellationToken cancellation) => handler.Prepare(cancellation);

        public Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation) =>
            handle(events, cancellation);

        public void Committed() => handler.Committed();
    }

    private sealed class OfGenerations(IGenerationHandler handler, Handle handle) : Plain(handle, handler), IGenerationHandler
    {
        private readonly IGenerationHandler _handler = handler;

        public string CheckpointName => _handler.CheckpointName;

        public ViewSchema Table => _handler.Table;

        public string? Waiting => _handler.Waiting;

        public void Assign(int partition) => _handler.Assign(partition);

        public Task<bool> IsLive(CancellationToken cancellation) => _handler.IsLive(cancellation);

        public Task CatchUp(int generation, long position, CancellationToken cancellation) =>
            _handler.CatchUp(generation, position, cancellation);

        public Task Switch(int generation, CancellationToken cancellation) => _handler.Switch(generation, cancellation);
    }
}
