using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A call, as seen by filters.</summary>
public interface IGrainCallContext
{
    /// <summary>The call with its arguments.</summary>
    IInvokable Request { get; }

    /// <summary>The grain, or the reference through which it is called.</summary>
    object Grain { get; }

    /// <summary>The grain that called, or null when the caller is no grain.</summary>
    GrainId? SourceId { get; }

    /// <summary>The grain that is called.</summary>
    GrainId TargetId { get; }

    /// <summary>The interface through which it is called.</summary>
    GrainInterfaceType InterfaceType { get; }

    /// <summary>The name of the interface.</summary>
    string InterfaceName { get; }

    /// <summary>The name of the method.</summary>
    string MethodName { get; }

    /// <summary>The method of the interface.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The result, once there is one; a filter may replace it.</summary>
    object? Result { get; set; }

    /// <summary>Goes on with the call.</summary>
    Task Invoke();
}

/// <summary>A call that arrives at a grain.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation.</summary>
    IGrainContext TargetContext { get; }

    /// <summary>The method of the class.</summary>
    MethodInfo ImplementationMethod { get; }
}

/// <summary>A call that leaves.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation that calls, or null when the caller is no grain.</summary>
    IGrainContext? SourceContext { get; }
}

/// <summary>Runs around calls that arrive, in a turn of the grain. A grain class may implement it for itself.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Runs around a call.</summary>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Runs around calls that leave.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <summary>Runs around a call.</summary>
    Task Invoke(IOutgoingGrainCallContext context);
}

/// <summary>Runs around calls that arrive.</summary>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>Runs around calls that leave.</summary>
public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
