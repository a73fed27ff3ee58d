using System.Collections.Concurrent;
using System.Text.Json;
using Commerce.Values;
using Loire.Sagas;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Commerce.Payments.Processing;

/// <summary>
/// A provider that exists in this process only. The card says how it behaves: <c>declined</c>, <c>unanswered</c>,
/// <c>repeated</c>, <c>late</c> (a second); any other is answered at once. It forgets everything when the process ends, as
/// the answers of a real one may be lost.
/// </summary>
public sealed partial class SimulatedPaymentProvider(
    IGrainFactory grains, TimeProvider time, ILogger<SimulatedPaymentProvider> logger) : IPaymentProvider
{
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Money> _moved = [];

    /// <summary>The money that was moved, by <see cref="ProviderRequest.Key"/>; what was given back is not there.</summary>
    public IReadOnlyDictionary<string, Money> Moved => _moved;

    public Task Ask(ProviderRequest request, CancellationToken cancellation)
    {
        if (request.Card != "declined")
        {
            _moved.TryAdd(request.Key, request.Amount);
        }

        if (request.Card != "unanswered")
        {
            // Whoever asks has its answer that the request was taken; this one comes by itself.
            _ = Task.Run(() => Answer(request), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task Void(string paymentId, CancellationToken cancellation)
    {
        foreach (var operation in Enum.GetValues<CardOperation>())
        {
            _moved.TryRemove($"{paymentId}/{PaymentProcessing.StepOf(operation)}", out _);
        }

        return Task.CompletedTask;
    }

    private async Task Answer(ProviderRequest request)
    {
        await Task.Delay(request.Card == "late" ? TimeSpan.FromSeconds(1) : TimeSpan.Zero, time);
        for (var left = request.Card == "repeated" ? 2 : 1; left > 0; left--)
        {
            await Answer(request, Attempts);
        }
    }

    private async Task Answer(ProviderRequest request, int attempts)
    {
        try
        {
            var saga = grains.GetGrain<ISagaGrain>(GrainId.Create(PaymentProcessing.Name, request.PaymentId));
            var reply = request.Card == "declined"
                ? await saga.FailStep(request.Step, "declined", "The card was declined.", request.Run)
                : await saga.CompleteStep(
                    request.Step,
                    JsonSerializer.SerializeToUtf8Bytes(new ProviderAnswer($"ref-{request.Key}"), LoireJson.Strict),
                    request.Run);
            LogAnswered(request.Key, request.Run, reply.Applied, reply.Refusal?.Detail);
            if (reply.Refusal is { Code: "not-waiting" } && attempts > 1)
            {
                await Task.Delay(Pause, time);
                await Answer(request, attempts - 1);
            }
        }
        catch (Exception e) when (attempts > 1)
        {
            LogFailed(e, request.Key);
            await Task.Delay(Pause, time);
            await Answer(request, attempts - 1);
        }
        catch (Exception e)
        {
            // It gives up, and the saga asks again when its time is over.
            LogFailed(e, request.Key);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Key} (run {Run}) was answered; applied: {Applied} {Refusal}")]
    private partial void LogAnswered(string key, int run, bool applied, string? refusal);

    [LoggerMessage(LogLevel.Debug, "{Key} could not be answered")]
    private partial void LogFailed(Exception e, string key);
}
