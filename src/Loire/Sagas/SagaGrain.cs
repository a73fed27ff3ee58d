using System.Text.Json;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Journaling;
using Loire.Metrics;
using Loire.Serialization;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Sagas;

/// <summary>
/// Keeps one saga: takes what it is told, and sees that it runs. Derive from it with the saga's type as
/// <c>[GrainType("…")]</c> and register the class with <c>AddSaga</c>.
/// </summary>
/// <typeparam name="TSaga">The newest version of the saga's definition.</typeparam>
[LogConsistencyProvider(ProviderName = Journals.Provider)]
public abstract class SagaGrain<TSaga> : JournaledGrain<AggregateView<SagaState>, SagaEvent>, ISagaGrain, IWakeable, IJournalOwner<SagaEvent>
    where TSaga : Saga
{
    private SagaRegistry _sagas = null!;
    private SagaJournal _journal = null!;
    private SagaRunner _runner = null!;
    private TimeProvider _time = null!;
    private TSaga _saga = null!;

    // Nobody has asked for anything since the stream was read.
    private bool _asRead;

    private string Id => this.GetPrimaryKeyString();

    void IJournalOwner<SagaEvent>.Attach(IJournal<SagaEvent> journal)
    {
        _saga = ServiceProvider.GetRequiredService<TSaga>();
        _sagas = ServiceProvider.GetRequiredService<SagaRegistry>();
        _time = ServiceProvider.GetRequiredService<TimeProvider>();
        _journal = new SagaJournal(
            new StreamName(_saga.Type, Id), journal, () => TentativeState.State, _sagas, ServiceProvider.GetRequiredService<SagaMetrics>(), _time);
        var logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType());
        var sender = new SagaSender(
            $"{_saga.Type}/{Id}", ServiceProvider.GetRequiredService<CommandSender>(), ServiceProvider.GetRequiredService<EventCatalog>(), logger);
        var moves = new SagaMoves(Id, _journal, _sagas, sender, _time, ServiceProvider.GetRequiredService<HostStop>(), new SagaLog(Id, logger));
        _runner = new SagaRunner(moves, _journal, _sagas, _time, () => DelayDeactivation(TimeSpan.FromMinutes(1)), DeactivateOnIdle);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _asRead = true;
        _runner.Keep();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _runner.Stop(cancellationToken);

    public Task<SagaReply> Start(ReadOnlyMemory<byte> context, SagaCause cause)
    {
        var json = JsonElement.Parse(context.IsEmpty ? "null"u8 : context.Span);
        return Answer(state => SagaDecisions.Start(_saga, state, json, cause, _time.GetUtcNow()), cause);
    }

    public Task<SagaReply> Compensate(string reason, SagaCause? by = null) => Answer(state => SagaDecisions.Compensate(state, reason), by);

    public Task<SagaReply> CompleteStep(string step, ReadOnlyMemory<byte> data, int? run = null, SagaCause? by = null) =>
        Answer(new StepAnswer(step, data.IsEmpty ? null : JsonElement.Parse(data.Span), Failure: null, run), by);

    public Task<SagaReply> FailStep(string step, string code, string reason, int? run = null, SagaCause? by = null) =>
        Answer(new StepAnswer(step, Data: null, new CommandFailure(code, reason), run), by);

    public Task<SagaReply> RetryStep(string step, SagaCause? by = null) => Answer(state => SagaDecisions.Retry(state, step), by);

    public Task<SagaReply> SkipStep(string step, string reason, SagaCause? by = null) => Answer(state => SagaDecisions.Skip(state, step, reason), by);

    public async Task Wake()
    {
        // What is due in the view may be so because of what this activation does not know of, unless it has just read it.
        if (!_asRead)
        {
            await _journal.Renewed();
        }

        _asRead = false;
        _runner.Keep();
    }

    protected sealed override void TransitionState(AggregateView<SagaState> state, SagaEvent @event) =>
        state.State = (state.State ?? new SagaState()).Apply(@event);

    private async Task<SagaReply> Answer(StepAnswer answer, SagaCause? by)
    {
        await _runner.Asked(answer.Step);
        return await Answer(state => SagaDecisions.Answer(_sagas.Of(state), state, Id, answer, _time.GetUtcNow()), by);
    }

    /// <summary>Answers with what is on disk, and sees that the saga runs.</summary>
    private async Task<SagaReply> Answer(Func<SagaState, SagaDecision> decide, SagaCause? by)
    {
        _asRead = false;
        var decision = await _journal.Decide(decide, by);
        await _journal.Settled();
        _runner.Keep();
        return new SagaReply(_journal.Current.Status, _journal.Current.CurrentStep, decision.Event is not null, decision.Refusal);
    }
}
