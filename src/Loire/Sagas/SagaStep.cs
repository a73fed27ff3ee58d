using System.Text.Json;
using Loire.Serialization;

namespace Loire.Sagas;

/// <summary>A step of a saga, as it is declared.</summary>
public abstract class SagaStep
{
    private protected SagaStep(string name) => Name = name;

    /// <summary>Kebab-case.</summary>
    public string Name { get; }

    /// <summary>The parallel group that it belongs to, if it does.</summary>
    internal string? Group { get; set; }

    internal Func<object, StepRun, IReadOnlyList<SagaCommand>>? Send { get; set; }

    internal Func<object, IReadOnlyList<SagaCommand>> Undo { get; set; } = _ => [];

    internal StepRetry RetryPolicy { get; private protected set; } = new();

    internal StepRetry UndoPolicy { get; private protected set; } = new() { Attempts = 3 };

    internal TimeSpan? Limit { get; private protected set; }

    internal bool Waits { get; private protected set; }

    internal bool IsPointOfNoReturn { get; private protected set; }

    internal IReadOnlyList<SagaCommand> Commands(object context, StepRun run) => Send?.Invoke(context, run) ?? [];

    /// <summary>Puts an answer into the context.</summary>
    /// <returns>The new context; <see langword="null"/> when the answer changes nothing.</returns>
    /// <exception cref="JsonException">The answer is not what the step waits for.</exception>
    internal abstract object? Take(object context, JsonElement? answer);
}

/// <summary>
/// A step of a saga: the commands that do it, what undoes it, and what happens when it fails, is late, or has to wait for
/// somebody.
/// </summary>
/// <typeparam name="TContext">The saga's context.</typeparam>
public sealed class SagaStep<TContext> : SagaStep
    where TContext : class
{
    private Func<TContext, JsonElement?, TContext?> _take = (_, _) => null;

    internal SagaStep(string name)
        : base(name)
    {
    }

    /// <summary>
    /// Its commands, sent one after the other; when one is rejected, the step has failed. They must be the same every time
    /// for the same context.
    /// </summary>
    public SagaStep<TContext> Execute(Func<TContext, IEnumerable<SagaCommand>> send) => Execute((context, _) => send(context));

    /// <inheritdoc cref="Execute(Func{TContext, IEnumerable{SagaCommand}})"/>
    public SagaStep<TContext> Execute(Func<TContext, StepRun, IEnumerable<SagaCommand>> send)
    {
        Send = (context, run) => [.. send((TContext)context, run)];
        return this;
    }

    /// <summary>
    /// The commands that undo it. They must be accepted also for a step that was only begun. When one is rejected all the
    /// same, it is tried again; in the end the saga fails with that work left open.
    /// </summary>
    /// <param name="undo">The commands.</param>
    /// <param name="retry">How often and when; by default three attempts.</param>
    public SagaStep<TContext> Compensate(Func<TContext, IEnumerable<SagaCommand>> undo, StepRetry? retry = null)
    {
        Undo = context => [.. undo((TContext)context)];
        UndoPolicy = retry ?? UndoPolicy;
        return this;
    }

    /// <summary>How it is tried again; by default a rejection is final.</summary>
    public SagaStep<TContext> Retry(StepRetry policy)
    {
        RetryPolicy = policy;
        return this;
    }

    /// <summary>
    /// How long it may take, from its beginning on, retries included. Then it has failed as <c>timed-out</c>, and what it has
    /// sent is withdrawn.
    /// </summary>
    public SagaStep<TContext> Timeout(TimeSpan limit)
    {
        Limit = limit;
        return this;
    }

    /// <summary>When its commands have been accepted, an answer from outside decides whether it has succeeded.</summary>
    public SagaStep<TContext> WaitsForAnswer()
    {
        Waits = true;
        return this;
    }

    /// <summary>The same; what the answer brings goes into the context, for the steps that follow its parallel group and for compensation.</summary>
    /// <typeparam name="TAnswer">What the answer brings.</typeparam>
    public SagaStep<TContext> WaitsForAnswer<TAnswer>(Func<TContext, TAnswer, TContext> take)
        where TAnswer : class
    {
        _take = (context, answer) => take(context, answer?.Deserialize<TAnswer>(LoireJson.Strict) ?? throw new JsonException("Data is needed."));
        return WaitsForAnswer();
    }

    /// <summary>Once it is done, the saga is not undone any more: what fails then is tried again until it succeeds.</summary>
    public SagaStep<TContext> PointOfNoReturn()
    {
        IsPointOfNoReturn = true;
        return this;
    }

    internal override object? Take(object context, JsonElement? answer) => _take((TContext)context, answer);
}

/// <summary>Which run of a step commands are for.</summary>
/// <param name="SagaId">The saga's id.</param>
/// <param name="Step">The step.</param>
/// <param name="Number">
/// 1, and one more each time the step is begun anew after an answer said that it had failed, or none came. Whoever answers
/// may repeat it: an answer to an earlier run then changes nothing.
/// </param>
public sealed record StepRun(string SagaId, string Step, int Number);
