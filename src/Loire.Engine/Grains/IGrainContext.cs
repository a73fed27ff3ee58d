namespace Orleans.Runtime;

/// <summary>An activation, as seen by its grain and by what is built around grains.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The identity of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain, once it has been made.</summary>
    object? GrainInstance { get; }

    /// <summary>Services, in a scope that ends with the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>The steps of activation and deactivation.</summary>
    IGrainLifecycle ObservableLifecycle { get; }

    /// <summary>Runs work as turns of the grain.</summary>
    IWorkItemScheduler Scheduler { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Asks for deactivation when the calls that run now are done.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);

    /// <summary>Something that was attached with <see cref="SetComponent"/>.</summary>
    TComponent? GetComponent<TComponent>()
        where TComponent : class;

    /// <summary>Attaches something to the activation, or with null takes it off.</summary>
    void SetComponent<TComponent>(TComponent? value)
        where TComponent : class;
}

/// <summary>Runs work as turns of a grain.</summary>
public interface IWorkItemScheduler
{
    /// <summary>Runs an action as a turn.</summary>
    void QueueAction(Action action);

    /// <summary>Runs a task that has not been started as a turn.</summary>
    void QueueTask(Task task);
}
