using Commerce.Payments.Processing;
using Commerce.Values;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>
/// A provider of payments outside of the silos. It answers late, twice, or with a failure, and authorisations sometimes not
/// at all, or when their time is long over.
/// </summary>
internal sealed class OutsideProvider(Simulator simulator) : IPaymentProvider
{
    private readonly Queue<ProviderRequest> _asked = [];
    private int _payments;

    public Task Ask(ProviderRequest request, CancellationToken cancellation)
    {
        _asked.Enqueue(request);
        return Task.CompletedTask;
    }

    public Task Void(string paymentId, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Somebody pays.</summary>
    public Task Pay(SimulatedCluster cluster)
    {
        var id = $"card-{++_payments}";
        var context = new PaymentProcessing.Context(id, Money.Of(simulator.Random.Next(1, 50)), "card");
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(context, LoireJson.Strict);
        return Sagas(cluster).Tell(id, "start", saga => saga.Start(json, SagaCause.Unknown));
    }

    /// <summary>Answers what was asked, until it is stopped.</summary>
    public async Task Work(SimulatedCluster cluster, CancellationToken stop)
    {
        var answers = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            while (_asked.TryDequeue(out var request))
            {
                answers.Add(Answer(cluster, request));
            }

            await simulator.Delay(TimeSpan.FromMilliseconds(100));
        }

        await Task.WhenAll(answers);
    }

    private async Task Answer(SimulatedCluster cluster, ProviderRequest request)
    {
        var first = request.Operation == CardOperation.Authorize;
        if (first && simulator.Random.Chance(0.2))
        {
            return;
        }

        var most = first && simulator.Random.Chance(0.2) ? TimeSpan.FromSeconds(90) : TimeSpan.FromSeconds(5);
        var failure = first && simulator.Random.Chance(0.2) ? "declined" : simulator.Random.Chance(0.1) ? PaymentProcessing.Busy : null;
        var data = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new ProviderAnswer($"ref-{request.Key}"), LoireJson.Strict);
        await Task.WhenAll(Enumerable.Range(0, simulator.Random.Chance(0.3) ? 2 : 1).Select(async _ =>
        {
            await simulator.Delay(simulator.Random.Between(TimeSpan.Zero, most));
            await Sagas(cluster).Tell(request.PaymentId, $"answer {request.Step}", saga => failure is null
                ? saga.CompleteStep(request.Step, data, request.Run)
                : saga.FailStep(request.Step, failure, "The provider says so.", request.Run));
        }));
    }

    private SagaCalls Sagas(SimulatedCluster cluster) => new(simulator, cluster, PaymentProcessing.Name);
}
