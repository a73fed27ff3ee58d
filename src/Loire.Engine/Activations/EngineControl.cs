using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>
/// Decides what is otherwise left to the machine and to chance. Without one, turns go to the thread pool; a simulation
/// registers its own, so that every choice comes from a seed.
/// </summary>
internal abstract class EngineControl
{
    /// <summary>Where placement takes its choices from.</summary>
    public abstract Random Random { get; }

    /// <summary>How many turns a grain may take in a row.</summary>
    public abstract int TurnsPerBurst { get; }

    /// <summary>Where the engine's own work runs that belongs to no grain.</summary>
    public abstract TaskScheduler Background { get; }

    /// <summary>Has the turns of a grain run, at some time.</summary>
    public abstract void Dispatch(IThreadPoolWorkItem turns, GrainId grain);

    /// <summary>Publishes an item of a stream: once as a rule, but streams in memory may lose, repeat and reorder.</summary>
    public abstract Task Publish(StreamId stream, Func<Task> publish);
}
