using Loire.Engine;

namespace Orleans.Runtime;

/// <summary>Stands for a grain. Generated classes derive from it, one for each grain interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly EngineRuntime _runtime;
    private Activation? _lastSeen;

    /// <summary>For generated code.</summary>
    protected GrainReference(EngineRuntime runtime, GrainId grainId)
    {
        _runtime = runtime;
        GrainId = grainId;
    }

    /// <summary>The identity of the grain.</summary>
    public GrainId GrainId { get; }

    internal EngineRuntime Runtime => _runtime;

    /// <inheritdoc />
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc />
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc />
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? left, GrainReference? right) => Equals(left, right);

    public static bool operator !=(GrainReference? left, GrainReference? right) => !Equals(left, right);

    internal object Cast(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : _runtime.Manifest.Reference(interfaceType, _runtime, GrainId);

    /// <summary>Sends a call.</summary>
    protected Task<T> Send<T>(TaskRequest<T> request) =>
        _runtime.OutgoingFilters is { } filters ? filters.Send(this, request) : SendUnfiltered(request);

    /// <summary>Sends a call.</summary>
    protected Task Send(TaskRequest request) =>
        _runtime.OutgoingFilters is { } filters ? filters.Send(this, request) : SendUnfiltered(request);

    /// <summary>Sends a call.</summary>
    protected ValueTask<T> Send<T>(ValueTaskRequest<T> request)
    {
        if (_runtime.OutgoingFilters is { } filters)
        {
            return filters.Send(this, request);
        }

        Dispatch(request);
        return request.Reply;
    }

    /// <summary>Sends a call.</summary>
    protected ValueTask Send(ValueTaskRequest request)
    {
        if (_runtime.OutgoingFilters is { } filters)
        {
            return filters.Send(this, request);
        }

        Dispatch(request);
        return request.ReplyOfNothing;
    }

    internal Task<T> SendUnfiltered<T>(TaskReply<T> request)
    {
        Dispatch(request);
        if (!request.Method.OneWay)
        {
            return request.Reply;
        }

        _ = LogFailure(request);
        return Task.FromResult(default(T)!);
    }

    internal void Dispatch(GrainRequest request)
    {
        request.Reference = this;
        if (!_runtime.Stamp(request))
        {
            _runtime.DeliverFromTheDead(GrainId, request);
            return;
        }

        if (!request.TryWatchCaller(_runtime))
        {
            return;
        }

        if (_lastSeen is { } activation && activation.Scheduler.TryEnqueue(request))
        {
            return;
        }

        _lastSeen = _runtime.Deliver(GrainId, request);
    }

    private async Task LogFailure<T>(TaskReply<T> request)
    {
        try
        {
            await request.Reply.ConfigureAwait(false);
        }
        catch (Exception exception) when (_runtime.IsCutOff(exception))
        {
            _runtime.Log.CutOff(exception, GrainId);
        }
        catch (Exception exception)
        {
            _runtime.Log.OneWayFailed(exception, request.Method);
        }
    }
}
