namespace Loire.Testing.Simulation;

/// <summary>
/// One simulated process: a silo, the store, or the callers. It has a clock of its own, and can be frozen: then nothing of it
/// runs, as in a long garbage collection or on a virtual machine that is moved, until it thaws.
/// </summary>
public sealed class SimulatedProcess
{
    private readonly Simulator _simulator;
    private readonly List<Work> _held = [];

    internal SimulatedProcess(Simulator simulator, string name)
    {
        _simulator = simulator;
        Name = name;
        Time = new SimulatedTime(simulator, this);
        Scheduler = new ProcessScheduler(this);
    }

    /// <summary>What it is called in traces.</summary>
    public string Name { get; }

    /// <summary>Its clock and timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>How far its wall clock is off.</summary>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>Whether it stands still.</summary>
    public bool IsFrozen { get; private set; }

    internal TaskScheduler Scheduler { get; }

    /// <summary>Starts something in this process.</summary>
    public Task Start(Func<Task> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <inheritdoc cref="Start(Func{Task})"/>
    public Task<T> Start<T>(Func<Task<T>> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <summary>Nothing runs from now on.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        _simulator.Trace.Add($"{Name} freezes");
    }

    /// <summary>Goes on with everything that has come up meanwhile.</summary>
    public void Thaw()
    {
        _simulator.Trace.Add($"{Name} thaws");
        IsFrozen = false;
        _held.ForEach(_simulator.Enqueue);
        _held.Clear();
    }

    internal void Hold(Work work) => _held.Add(work);

    internal void Enqueue(string what, Action run) => _simulator.Enqueue(new Work(this, what, run));

    private sealed class ProcessScheduler(SimulatedProcess process) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => process.Enqueue("task", () => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !taskWasPreviouslyQueued && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}

/// <summary>Something that can run next.</summary>
/// <param name="Process">Whose it is.</param>
/// <param name="What">For the trace.</param>
/// <param name="Run">Runs it.</param>
internal sealed record Work(SimulatedProcess Process, string What, Action Run);
