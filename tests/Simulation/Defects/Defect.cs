using Commerce.Accounts;
using Commerce.Orders;
using Commerce.Users;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Defects;

/// <summary>
/// Something that is wrong on purpose, to see that the simulation finds it. Defects are put in from outside, where the
/// platform lets its parts be replaced, so that its own code is the one that users run.
/// </summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Plant">Puts it in.</param>
/// <param name="OfSagas">Whether random sagas find it, and the reference domain does not.</param>
internal sealed record Defect(string Name, string What, Action<IServiceCollection, Simulator> Plant, bool OfSagas = false)
{
    public static readonly Defect None = new("none", "Nothing is wrong.", (_, _) => { });

    public static IReadOnlyList<Defect> All { get; } =
    [
        OfViews("checkpoint-first", "A checkpoint is written before the view.", views => new CheckpointFirst(views)),
        OfViews("no-fence", "A view is written although another grain has moved its checkpoint.", views => new NoFence(views)),
        new("early-take-over", "A generation takes over before it has caught up.", (services, _) =>
        {
            services.AddSingleton<IIncomingGrainCallFilter, TakeOverAtOnce>();
            services.Decorate<SubscriptionDefinition>(EarlyTakeOver.Plant);
        }),
        OfViews("left-open", "A generation takes over, and the one before may still be written to.", views => new LeftOpen(views)),
        OfViews("fill-checkpoint-first", "A rebuild writes its checkpoint before its documents.", views => new FillCheckpointFirst(views)),
        OfViews("nothing-dropped", "What nobody reads any more is not dropped.", views => new NothingDropped(views)),
        new("handler-swallowed", "What a handler throws is swallowed, and its events are skipped.", (services, _) =>
            services.Decorate<SubscriptionDefinition>((s, sp) =>
                s with { NewHandler = () => new Swallowing(s.NewHandler()) })),
        new("letters-pass", "A dead letter lets later events of its aggregate pass.", (services, _) =>
            services.Decorate<SubscriptionDefinition>((subscription, _) => LettersPass.Plant(subscription))),
        new("no-empty-batches", "The relay keeps empty batches to itself.", (services, _) => NoEmptyBatches.Plant(services)),
        OfLog("uncommitted-skipped", "A reader steps over events that are not committed yet.", (log, s) => new UncommittedSkipped(log, s)),
        OfLog("blind-retry", "An append whose reply was lost is sent again without asking.", (log, _) => new BlindRetry(log)),
        OfLog("early-acknowledgement", "An append is acknowledged before it is on disk.", (log, _) => new EarlyAcknowledgement(log)),
        OfLog("no-version-check", "Events are appended at whatever version the stream has.", (log, _) => new NoVersionCheck(log)),
        OfLog("no-receipts", "Idempotency keys are ignored.", (log, _) => new NoReceipts(log)),
        OfLog("forgetful-process", "A process counts again what is delivered again.", (log, _) => new ForgetfulProcesses(log)),
        new("snapshot-off-by-one", "A snapshot is kept under the version before the one that it is of.", (services, _) =>
            services.Decorate<ISnapshotStore>((snapshots, sp) => new SnapshotOffByOne(snapshots, sp.GetRequiredService<IEventLog>()))),
        new("short-window", "Idempotency keys are forgotten after a minute.", (services, _) =>
            services.Configure<CommandOptions>(o => o.ReceiptRetention = TimeSpan.FromMinutes(1))),
        new("no-saga-keys", "Saga steps are sent without idempotency keys.", (services, _) =>
            services.AddSingleton<IOutgoingGrainCallFilter, NoKeysOnSagaSteps>()),
        new("compensation-in-order", "The first step is undone first.", (services, _) =>
            services.Decorate<OrderFulfillment>((saga, _) => CompensationInOrder.Plant(saga))),
        OfLog("late-timer", "A timer fires after its step is done, and changes something.", (log, s) => new LateTimer(log, s)),
        new("stale-decision", "A command is decided on a state that others have changed meanwhile.", (services, _) =>
            services.Decorate<IDecider<AccountCommand, Account, AccountEvent>>((decider, _) => new StaleDecisions(decider))),
        new("lost-withdrawal", "A saga that turns back does not withdraw what was under way.", (services, _) =>
            services.AddSingleton<IOutgoingGrainCallFilter, LostWithdrawals>(), OfSagas: true),
        OfLog("open-work-lost", "What could not be undone is not listed.", (log, _) => new OpenWorkLost(log)) with { OfSagas = true },
        OfLog("stale-reaction", "A reaction reads an order as it was before its last event.", (log, _) => new StaleReactions(log)),
        new("gift-kept", "The gift to a newcomer is not taken back.", (services, _) =>
            services.Decorate<UserOnboarding>((saga, _) => GiftKept.Plant(saga))),
    ];

    private static Defect OfLog(string name, string what, Func<IEventLog, Simulator, IEventLog> decorate) =>
        new(name, what, (services, simulator) => services.Decorate<IEventLog>((log, _) => decorate(log, simulator)));

    private static Defect OfViews(string name, string what, Func<IViewStore, IViewStore> decorate) =>
        new(name, what, (services, _) => services.Decorate<IViewStore>((views, _) => decorate(views)));
}
