using System.Diagnostics.CodeAnalysis;

namespace Loire.Testing.Simulation;

/// <summary>
/// Runs grains, stores and callers on one thread, in virtual time. Which turn comes next, how long things take and what goes
/// wrong is drawn from one seed, so a run can be had again, exactly.
/// </summary>
/// <remarks>
/// What does not go through the simulator (a continuation of a library, say) runs on the thread pool. It is as repeatable as
/// the rest as long as the pool has one thread, and nothing else has work for it: the simulator takes that one thread, and
/// lends it to the pool's queue between two steps. So a process simulates one seed at a time and does nothing beside it.
/// </remarks>
public sealed partial class Simulator : IThreadPoolWorkItem
{
    private readonly List<Work> _ready = [];
    private readonly SimulationOptions _options;
    private TaskCompletionSource? _ended;
    private Task? _scenario;

    /// <param name="seed">Where every choice comes from.</param>
    /// <param name="options">Limits and pace.</param>
    public Simulator(ulong seed, SimulationOptions? options = null)
    {
        _options = options ?? new SimulationOptions();
        Seed = seed;
        Random = new SeededRandom(seed);
        Trace = new Trace(this, _options.Output);
        Callers = new SimulatedProcess(this, "callers");
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The source of all choices. To be used from within the simulation only.</summary>
    public SeededRandom Random { get; }

    /// <summary>What has happened so far.</summary>
    public Trace Trace { get; }

    /// <summary>Where the scenario runs: the world outside of the silos, which never freezes or dies.</summary>
    public SimulatedProcess Callers { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Runs a scenario to its end. It is started as a task of <see cref="Callers"/>.
    /// </summary>
    /// <exception cref="SimulationStuckException">It did not end within the limits of virtual time or of steps.</exception>
    /// <exception cref="InvalidOperationException">The thread pool of this process cannot be cut to one thread.</exception>
    public async Task Run(Func<Task> scenario)
    {
        TakeThreadPool();
        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scenario = Callers.Start(scenario);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        await _ended.Task;
        await _scenario;
    }

    /// <summary>Goes on until there is nothing to do for the thread pool or in the simulation.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            while (!_scenario!.IsCompleted)
            {
                if (ThreadPool.PendingWorkItemCount > 0)
                {
                    // First what waits there; then this comes again.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                Step();
            }

            _ended!.SetResult();
        }
        catch (Exception e)
        {
            _ended!.SetException(e);
        }
    }

    internal void Enqueue(Work work) => _ready.Add(work);

    private static void TakeThreadPool()
    {
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        if (workers > 1 && !(ThreadPool.SetMinThreads(1, 1) && ThreadPool.SetMaxThreads(1, ports)))
        {
            throw new InvalidOperationException(
                "A simulation needs a thread pool of one thread: set ThreadPoolMinThreads and ThreadPoolMaxThreads to 1 in the project file.");
        }
    }

    private void Step()
    {
        if (++Steps > _options.MaxSteps || Now > _options.MaxTime)
        {
            throw new SimulationStuckException($"Not at the end after {Steps} steps and {Now} of virtual time.");
        }

        // A busy machine: time goes on although there is something to do.
        if (_ready.Count == 0 || (Random.Chance(_options.Hurry) && NextTimer is { } next && next - Now < TimeSpan.FromMilliseconds(20)))
        {
            FireNextTimer();
            return;
        }

        var index = Random.Next(_ready.Count);
        var work = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (work.Process.IsFrozen)
        {
            work.Process.Hold(work);
            return;
        }

        Trace.Step(work);
        work.Run();
    }
}

/// <summary>Limits and pace of a simulation.</summary>
public sealed record SimulationOptions
{
    /// <summary>A run that takes more virtual time is stuck. Default: 1 hour.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A run that takes more steps is stuck. Default: 3,000,000.</summary>
    public long MaxSteps { get; init; } = 3_000_000;

    /// <summary>How often, 0 to 1, time goes on although there is something to do. Default: 0.02.</summary>
    public double Hurry { get; init; } = 0.02;

    /// <summary>Gets the whole trace; without it only the last lines are kept.</summary>
    public TextWriter? Output { get; init; }
}

/// <summary>A simulation did not end.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the simulator throws it.")]
public sealed class SimulationStuckException(string message) : Exception(message);
