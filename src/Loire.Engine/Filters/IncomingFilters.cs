using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The filters around calls that arrive: those of the host, then the grain's own.</summary>
internal sealed class IncomingFilters(IReadOnlyList<IIncomingGrainCallFilter> filters)
{
    /// <summary>Runs the filters and the call, and gives the reply.</summary>
    public Task Invoke(GrainRequest request, Activation activation)
    {
        // Ticks of timers and items of streams are no calls of a grain interface.
        var call = request is IInternalRequest
            ? request.CallBoxed(activation.GrainInstance!).AsTask()
            : Run(new Context(request, activation, filters));
        return Reply(call, request);
    }

    private static async Task<object?> Run(Context context)
    {
        await context.Invoke();
        return context.Result;
    }

    private static async Task Reply(Task<object?> call, GrainRequest request)
    {
        object? result;
        try
        {
            result = await call;
        }
        catch (Exception exception)
        {
            request.TryFail(exception);
            return;
        }

        request.Succeed(result);
    }

    private sealed class Context(GrainRequest request, Activation activation, IReadOnlyList<IIncomingGrainCallFilter> filters)
        : CallContext(request, request.Source?.GrainId, activation.GrainId), IIncomingGrainCallContext
    {
        private int _next;

        public override object Grain => activation.GrainInstance!;

        public IGrainContext TargetContext => activation;

        public MethodInfo ImplementationMethod
        {
            get
            {
                var map = activation.Class.Type.GetInterfaceMap(InterfaceMethod.DeclaringType!);
                return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, InterfaceMethod)];
            }
        }

        public override async Task Invoke()
        {
            var next = _next++;
            if (next < filters.Count)
            {
                await filters[next].Invoke(this);
            }
            else if (next == filters.Count && Grain is IIncomingGrainCallFilter own)
            {
                await own.Invoke(this);
            }
            else
            {
                Result = await ((GrainRequest)Request).CallBoxed(Grain);
            }
        }
    }
}
