using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Testing;
using Microsoft.Extensions.Logging;

namespace Loire.Tests.Sagas;

/// <summary>One tour, whose silo dies at an event that is named.</summary>
internal sealed class TourHost : IAsyncDisposable
{
    // On Orleans a call to a silo that has died may take half a minute to fail, and several may come one after the other.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _visaMayCome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private Task _clock = Task.CompletedTask;

    private TourHost()
    {
    }

    public LoireTestCluster Cluster { get; private set; } = null!;

    /// <param name="point">The event, as in <c>step-sent hotel</c>.</param>
    /// <param name="after">Whether it is on disk when the silo dies.</param>
    /// <param name="visaFund">What there is for the visa, which costs 3.</param>
    public static async Task<TourHost> Start(string point, bool after, int visaFund)
    {
        var host = new TourHost();
        host.Cluster = await TripHost.Start(
            new LoireTestClusterOptions
            {
                Logging = LogLevel.None, Time = ManualTime.Running(), Limit = Patience, Silo = silo => silo.AddIncomingGrainCallFilter(host.HoldVisa),
                Log = log => new InterceptedLog(log) { OnAppend = (request, append) => host.Append(point, after, request, append) },
            },
            loire => loire.AddSaga<TourGrain, Tour>());
        foreach (var (account, balance) in new[] { ("purse", 9), ("hotel", 0), ("miles", 0), ("visa", visaFund), ("room-7", 0) })
        {
            await host.Cluster.Accepted("account", account, new AccountCommand.Open("ada", Money.Of(balance)));
        }

        host._clock = host.Look();
        return host;
    }

    /// <summary>Starts the tour; the visa waits until the hotel has been asked and there was no flight.</summary>
    public async Task Depart()
    {
        await Tell(saga => saga.Start(TripHost.Json(new Tour.Context()), SagaCause.Unknown));
        await Until(s => s.Pending.Exists(p => p.Step == "hotel" && p.Waits) && s.Pending.Exists(p => p is { Step: "flight", Attempts: > 0 }));
        _visaMayCome.SetResult();
    }

    public Task<SagaReply> Answer() => Tell(saga => saga.CompleteStep("hotel", TripHost.Json(new Tour.Room("room-7"))));

    public async Task CreditMiles()
    {
        await Cluster.AcceptedInTheEnd("account", "miles", new AccountCommand.Deposit(Money.Of(2)), "miles");
        await Tell(saga => saga.RetryStep("flight"), or: "not-failed");
    }

    /// <summary>Tells the saga something, again and again until it has taken it.</summary>
    public async Task<SagaReply> Tell(Func<ISagaGrain, Task<SagaReply>> call, string? or = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                var saga = Cluster.Grains.GetGrain<ISagaGrain>(GrainId.Create(Tour.Name, "t-1"));
                if (await call(saga).WaitAsync(TimeSpan.FromSeconds(10), limit.Token) is var reply && (reply.Refusal is null || reply.Refusal.Code == or))
                {
                    return reply;
                }
            }
            catch (Exception e) when (e is OrleansException or StoreUnavailableException or TimeoutException)
            {
                // The silo has gone, or the append has failed: as a careful client does, it tries again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }

    public Task<SagaView> Until(Func<SagaView, bool> holds) => Cluster.Until("t-1", holds, Tour.Name);

    /// <summary>The saga when it has ended, and its silo has died on the way.</summary>
    public async Task<SagaView> Ended()
    {
        var ended = await Cluster.SagaEnded(Tour.Name, "t-1");
        await _crashed.Task.WaitAsync(Patience);
        return ended;
    }

    /// <summary>What has moved on the accounts: one event each way, as often as it has happened.</summary>
    public async Task<string> Moves()
    {
        var moves = new List<string>();
        foreach (var account in new[] { "purse", "hotel", "miles", "visa", "room-7" })
        {
            var events = (await Cluster.EventsOf("account", account)).Skip(1);
            moves.Add($"{account} {string.Concat(events.Select(e => e is AccountEvent.Withdrawn ? '-' : '+'))}".TrimEnd());
        }

        return string.Join(", ", moves);
    }

    public async ValueTask DisposeAsync()
    {
        _visaMayCome.TrySetResult();
        await _over.CancelAsync();
        await _clock;
        await Cluster.DisposeAsync();
        _over.Dispose();
    }

    private async Task<AppendResult> Append(string point, bool after, AppendRequest request, Func<Task<AppendResult>> append)
    {
        if (_crashed.Task.IsCompleted || request.Stream != new StreamName(Tour.Name, "t-1") || !request.Events.Any(e => NameOf(e) == point))
        {
            return await append();
        }

        if (after)
        {
            await append();
        }

        // Another is there before it dies, so that whoever waits has somebody to ask.
        if (_crashed.TrySetResult())
        {
            var silo = Cluster.Cluster.Silos[0];
            await Cluster.Cluster.StartAdditionalSiloAsync();
            await Cluster.Kill(silo);
        }

        throw new StoreUnavailableException("The silo dies.") { OutcomeUnknown = after };
    }

    private static string NameOf(NewEvent e)
    {
        var type = e.Type[(Tour.Name.Length + 1)..];
        return JsonElement.Parse(e.Data.Span).TryGetProperty("step", out var step) ? $"{type} {step.GetString()}" : type;
    }

    private async Task HoldVisa(IIncomingGrainCallContext call)
    {
        if (call.TargetId == GrainId.Create("account", "visa") && call.Request.GetArgumentCount() == 1
            && call.Request.GetArgument(0) is CommandMessage { Name: "withdraw" })
        {
            await _visaMayCome.Task.WaitAsync(Patience);
        }

        await call.Invoke();
    }

    // Once the silo has died, time goes on, and with it what is to be looked after.
    private async Task Look()
    {
        await _crashed.Task.WaitAsync(_over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_over.IsCancellationRequested)
        {
            Cluster.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(50), _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
