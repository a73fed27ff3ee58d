using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The filters around calls that leave.</summary>
internal sealed class OutgoingFilters(IReadOnlyList<IOutgoingGrainCallFilter> filters)
{
    public Task<T> Send<T>(GrainReference reference, TaskReply<T> request) =>
        Run<T>(new Context(reference, request, filters, async () => await reference.SendUnfiltered(request)));

    public ValueTask<T> Send<T>(GrainReference reference, ValueTaskReply<T> request) =>
        new(Run<T>(new Context(reference, request, filters, async () =>
        {
            reference.Dispatch(request);
            return await request.Reply;
        })));

    public ValueTask Send(GrainReference reference, ValueTaskReply<Nothing> request) => new(Send<Nothing>(reference, request).AsTask());

    private static async Task<T> Run<T>(Context context)
    {
        await context.Invoke();
        return context.Result is T result ? result : default!;
    }

    private sealed class Context(
        GrainReference reference, GrainRequest request, IReadOnlyList<IOutgoingGrainCallFilter> filters, Func<Task<object?>> send)
        : CallContext(request, RuntimeContext.Current?.GrainId, reference.GrainId), IOutgoingGrainCallContext
    {
        private int _next;

        public override object Grain => reference;

        public IGrainContext? SourceContext { get; } = RuntimeContext.Current;

        public override async Task Invoke()
        {
            var next = _next++;
            if (next < filters.Count)
            {
                await filters[next].Invoke(this);
            }
            else
            {
                Result = await send();
            }
        }
    }
}
