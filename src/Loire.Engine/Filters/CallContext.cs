using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Loire.Engine;

/// <summary>What incoming and outgoing calls have in common.</summary>
internal abstract class CallContext(GrainRequest request, GrainId? source, GrainId target) : IGrainCallContext
{
    public IInvokable Request => request;

    public abstract object Grain { get; }

    public GrainId? SourceId => source;

    public GrainId TargetId => target;

    public GrainInterfaceType InterfaceType => GrainInterfaceType.Create(InterfaceName);

    public string InterfaceName => request.GetInterfaceName();

    public string MethodName => request.GetMethodName();

    public MethodInfo InterfaceMethod => request.GetMethod();

    public object? Result { get; set; }

    public abstract Task Invoke();
}
