using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

/// <summary>The silo dies before or after each append of a saga that waits for an answer, on its way there and back.</summary>
public sealed class SagaCrashTests : IAsyncLifetime
{
    // On Orleans a call to a silo that has died may take half a minute to fail, and several may come one after the other.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] There =
        ["started", "take done and agree begun", "agree sent", "agree done", "give done", "close done and completed"];

    private static readonly string[] Back =
        ["started", "take done and agree begun", "agree sent", "agree failed", "agree withdrawn", "agree undone", "take undone", "failed"];

    private readonly StoreFaults _faults = new();
    private LoireTestCluster _cluster = null!;

    public static TheoryData<bool, int, string, bool> CrashPoints
    {
        get
        {
            var points = new TheoryData<bool, int, string, bool>();
            foreach (var agreed in new[] { true, false })
            {
                foreach (var (n, name) in (agreed ? There : Back).Index())
                {
                    points.Add(agreed, n, name, false);
                    points.Add(agreed, n, name, true);
                }
            }

            return points;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _cluster = await TripHost.Start(new LoireTestClusterOptions
        {
            Faults = _faults, Time = ManualTime.Running(), Limit = Patience,
        });
        await _cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(10)));
        await _cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(5)));
        await _cluster.Accepted("account", "to", new AccountCommand.Open("eve", Money.Zero));
        await _cluster.Idle();
    }

    public async ValueTask DisposeAsync()
    {
        _faults.Clear();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(CrashPoints))]
    public async Task Effects_happen_once_wherever_the_silo_dies(bool agreed, int n, string name, bool after)
    {
        name.ShouldNotBeEmpty();
        var silo = _cluster.Cluster.Silos[0];
        var stream = $"{Trip.Name}/t-1";
        var crash = (after ? _faults.After(StoreOperationKind.Append, stream) : _faults.Before(StoreOperationKind.Append, stream))
            .Skip(n).Kills(_cluster, silo);

        var told = Tell(agreed);
        await crash.Happened.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await _cluster.Cluster.StartAdditionalSiloAsync();

        await WhileTimePasses(told);
        await ShouldHaveEnded(agreed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_is_answered_and_whenever_silos_die_effects_happen_once(int seed)
    {
        var random = new Random(seed);
        var silent = random.Next(3) == 0;
        var agreed = !silent && random.Next(2) == 0;
        for (var crashes = random.Next(1, 3); crashes > 0; crashes--)
        {
            var (n, after) = (random.Next(There.Length - 1), random.Next(2) == 0);
            var stream = $"{Trip.Name}/t-1";
            (after ? _faults.After(StoreOperationKind.Append, stream) : _faults.Before(StoreOperationKind.Append, stream))
                .Skip(n).Does(Replace).Fails();
        }

        await (silent ? InTheEnd(Start) : Tell(agreed, copies: random.Next(1, 4)));
        if (silent)
        {
            await _cluster.Waits("t-1", "agree");
            _cluster.Advance(Trip.Patience);
        }

        await ShouldHaveEnded(agreed);
        (await InTheEnd(saga => saga.Agree())).Applied.ShouldBeFalse();
        (await InTheEnd(saga => saga.FailStep("agree", "no", "No."))).Applied.ShouldBeFalse();
    }

    private async Task ShouldHaveEnded(bool agreed)
    {
        var ending = _cluster.SagaEnded(Trip.Name, "t-1");
        await WhileTimePasses(ending);
        var ended = await ending;
        ended.Status.ShouldBe(agreed ? SagaStatus.Completed : SagaStatus.Failed);
        ended.OpenWork.ShouldBeEmpty();
        (await _cluster.Balance("from")).ShouldBe(agreed ? 0 : 10);
        (await _cluster.Balance("agent")).ShouldBe(agreed ? 6 : 5);
        (await _cluster.Balance("to")).ShouldBe(agreed ? 10 : 0);
        (await _cluster.EventsOf("account", "from")).OfType<AccountEvent.Withdrawn>().Count().ShouldBe(1);
        (await _cluster.EventsOf(Trip.Name, "t-1")).OfType<SagaEvent.StepCompleted>().GroupBy(e => e.Step).ShouldAllBe(g => g.Count() == 1);
    }

    // What was under way is looked after some seconds after its last event: those pass quickly, and then time as ever. Orleans
    // takes the limits of its membership and its calls from the same clock, so it must not run fast for long.
    private async Task WhileTimePasses(Task work)
    {
        for (var jumps = 0; jumps < 8 && await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(100))) != work; jumps++)
        {
            _cluster.Advance(TimeSpan.FromSeconds(2));
        }

        await work;
    }

    private async Task Replace()
    {
        var silo = _cluster.Cluster.Silos[0];
        await _cluster.Cluster.StartAdditionalSiloAsync();
        await _cluster.Cluster.KillSiloAsync(silo);
    }

    /// <summary>Starts the saga and answers it, again and again until somebody has taken it.</summary>
    private async Task Tell(bool agreed, int copies = 1)
    {
        await InTheEnd(Start);
        await Task.WhenAll(Enumerable.Range(0, copies).Select(_ =>
            InTheEnd(saga => agreed ? saga.Agree() : saga.FailStep("agree", "no", "No."))));
    }

    private static Task<SagaReply> Start(ISagaGrain saga) =>
        saga.Start(TripHost.Json(new Trip.Context("from", "agent", Money.Of(10))), SagaCause.Unknown);

    private async Task<SagaReply> InTheEnd(Func<ISagaGrain, Task<SagaReply>> call)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                var saga = _cluster.Grains.GetGrain<ISagaGrain>(GrainId.Create(Trip.Name, "t-1"));
                if (await call(saga).WaitAsync(TimeSpan.FromSeconds(10), limit.Token) is { Refusal: null } reply)
                {
                    return reply;
                }
            }
            catch (Exception e) when (e is OrleansException or StoreUnavailableException or TimeoutException)
            {
                // The silo has gone, or the append has failed: as a careful client does, it tries again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
