using System.Diagnostics;
using System.Text;
using EndToEnd.Crash;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;

namespace Loire.Benchmarks.Soak;

/// <summary>Sends commands under keys, again and again until it is known what became of them, as a careful client does.</summary>
internal sealed class SoakClient(IGrainFactory grains, IEventLog log, Violations violations)
{
    // A machine that others use too may be late in looking at its clock.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _nextCall = NewSignal();
    private int _repeated;

    /// <summary>The longest that one call took, in milliseconds.</summary>
    public double LongestCall { get; private set; }

    /// <summary>Calls that had to be repeated.</summary>
    public int Repeated => _repeated;

    /// <summary>Completes when a call is on its way.</summary>
    public Task NextCall => Volatile.Read(ref _nextCall).Task;

    /// <returns><see langword="null"/> when nobody would say for longer than <see cref="Patience"/>, which is a violation.</returns>
    public async Task<(Acknowledgement Answer, CommandReceipt? Receipt)?> Send(Operation operation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; Interlocked.Increment(ref _repeated))
        {
            switch (await Call(operation))
            {
                case CommandResult.Accepted { Receipt: var receipt }:
                    await IsInTheLog(operation, receipt);
                    var events = receipt.Events.Select(e => new AcknowledgedEvent(e.EventId, e.Type, e.Version));
                    return (new Acknowledgement(operation, Rejection: null, [.. events]), receipt);
                case CommandResult.Rejected rejected:
                    return (new Acknowledgement(operation, rejected.Code, []), null);
                case null or CommandResult.InFlight or CommandResult.StoreUnavailable:
                    await Task.Delay(Pause);
                    break;
                case var other:
                    violations.Add($"{operation} was answered with {other}");
                    return null;
            }
        }

        violations.Add($"Nobody has said for {Patience} what became of {operation}");
        return null;
    }

    private async Task<CommandResult?> Call(Operation operation)
    {
        var start = Stopwatch.GetTimestamp();
        var call = grains.GetGrain<IAggregateGrain>(GrainId.Create(operation.Aggregate, operation.Id)).Execute(new CommandMessage(
            operation.Command,
            Encoding.UTF8.GetBytes(operation.Payload),
            new CommandHeaders
            {
                CommandId = Guid.CreateVersion7(),
                IssuedAt = TimeProvider.System.GetUtcNow(),
                IdempotencyKey = operation.Key,
                CorrelationId = operation.Key,
            }));
        Interlocked.Exchange(ref _nextCall, NewSignal()).SetResult();
        using var limit = new CancellationTokenSource();
        if (await Task.WhenAny(call, Task.Delay(SoakOptions.CallLimit + Late, limit.Token)) != call)
        {
            violations.Add($"A call is pending beyond its time limit: {operation}");
            return null;
        }

        await limit.CancelAsync();
        Note(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        try
        {
            return await call;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or StoreUnavailableException)
        {
            // A silo has ended, or it or the store was too slow: nobody knows what became of the command.
            return null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Note(double milliseconds)
    {
        lock (_gate)
        {
            LongestCall = Math.Max(LongestCall, milliseconds);
        }
    }

    private async Task IsInTheLog(Operation operation, CommandReceipt receipt)
    {
        if (receipt.Events.IsEmpty)
        {
            return;
        }

        var page = await log.ReadAll(receipt.Position - 1, LogFilter.All, limit: 1);
        if (page.Events.Count != 1 || page.Events[0].EventId != receipt.Events[^1].EventId)
        {
            violations.Add($"{operation} was acknowledged at {receipt.Position}, where the log has something else");
        }
    }
}
