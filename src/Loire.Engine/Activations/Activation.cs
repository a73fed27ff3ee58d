using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>One grain in memory. What is not always needed is made when it is asked for, as there may be many idle ones.</summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly EngineRuntime _runtime;
    private AsyncServiceScope? _scope;
    private GrainReference? _reference;
    private GrainLifecycle? _lifecycle;
    private Dictionary<Type, object>? _components;
    private TaskCompletionSource? _deactivated;
    private long _keepUntil;

    public Activation(EngineRuntime runtime, GrainClass grainClass, GrainId grainId, int worker)
    {
        _runtime = runtime;
        Class = grainClass;
        GrainId = grainId;
        Worker = worker;
        LastUsed = runtime.Clock.Now;
        Scheduler = new ActivationScheduler(this, runtime);
    }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    /// <summary>Which of the activations that share the calls; 0 where there is only one.</summary>
    public int Worker { get; }

    public object? GrainInstance { get; private set; }

    public ActivationScheduler Scheduler { get; }

    /// <summary>When the last call ended, on the engine's clock.</summary>
    public long LastUsed { get; set; }

    public GrainReference GrainReference =>
        _reference ??= _runtime.Manifest.AnyReference(Class, _runtime, GrainId);

    public IServiceProvider ActivationServices => (_scope ??= _runtime.Services.CreateAsyncScope()).ServiceProvider;

    public IGrainLifecycle ObservableLifecycle => _lifecycle ??= new GrainLifecycle();

    IWorkItemScheduler IGrainContext.Scheduler => new TurnScheduler(Scheduler);

    public Task Deactivated => LazyInitializer.EnsureInitialized(ref _deactivated, NewCompletion).Task;

    internal EngineRuntime Runtime => _runtime;

    public TComponent? GetComponent<TComponent>()
        where TComponent : class =>
        this as TComponent ?? GrainInstance as TComponent ?? _components?.GetValueOrDefault(typeof(TComponent)) as TComponent;

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        if (value is null)
        {
            _components?.Remove(typeof(TComponent));
        }
        else
        {
            (_components ??= [])[typeof(TComponent)] = value;
        }
    }

    public void DelayDeactivation(TimeSpan time) =>
        _keepUntil = time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? 0 : _runtime.Clock.After(time);

    /// <summary>Whether the grain has been idle for as long as its class may be.</summary>
    public bool IsCollectable(long now) => IsCollectable(now, Class.CollectionAge);

    /// <summary>Whether the grain has been idle for so long, and may be collected at all.</summary>
    public bool IsCollectable(long now, TimeSpan age) =>
        Class.CollectionAge != Timeout.InfiniteTimeSpan
        && now - LastUsed >= age.TotalMilliseconds
        && now >= _keepUntil
        && Scheduler.IsIdle;

    public bool MayInterleave(GrainRequest request)
    {
        try
        {
            return Class.MayInterleave(GrainInstance!, request);
        }
        catch (Exception exception)
        {
            _runtime.Log.PredicateFailed(exception, GrainId);
            return false;
        }
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => $"{GrainId} ({Class.Type.Name})";

    private static TaskCompletionSource NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class TurnScheduler(ActivationScheduler scheduler) : IWorkItemScheduler
    {
        public void QueueAction(Action action) => new Task(action).Start(scheduler);

        public void QueueTask(Task task) => task.Start(scheduler);
    }
}
