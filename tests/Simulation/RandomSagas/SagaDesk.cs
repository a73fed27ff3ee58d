using Loire.EventLog;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Simulation.Workload;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.RandomSagas;

/// <summary>The sagas of a run: starts and answers them, and says where they stand.</summary>
internal sealed class SagaDesk(Simulator simulator, SimulatedCluster cluster, IEventLog log, IReadOnlyList<string> ids)
{
    private readonly EventCatalog _catalog = cluster.Services.GetRequiredService<EventCatalog>();

    public IReadOnlyList<string> Ids => ids;

    public SagaCalls Calls { get; } = new(simulator, cluster, RandomSaga.Name);

    /// <summary>The steps that sagas have said were completed by an answer, each as often as they said so.</summary>
    public List<(string Saga, string Step)> Answered { get; } = [];

    /// <summary>Where a saga stands, as its events say.</summary>
    public async Task<SagaState> StateOf(string id) =>
        (await log.Load(new StreamName(RandomSaga.Name, id))).Aggregate(new SagaState(), (state, e) => state.Apply((SagaEvent)_catalog.Decode(e)));

    /// <summary>What has happened since.</summary>
    public async Task<(long Position, IReadOnlyList<(RecordedEvent Recorded, object Event)> Events)> Since(long position)
    {
        var page = await log.ReadAll(position, LogFilter.All, int.MaxValue);
        return (page.Through, [.. page.Events.Select(e => (e, _catalog.Decode(e)))]);
    }

    public Task Start(string id) =>
        Calls.Tell(id, "start", saga => saga.Start(Json(new RandomSaga.Context(id, "")), SagaCause.Unknown));

    /// <summary>Says that a step has been done, until the saga has taken it or nobody cares any more.</summary>
    public async Task Complete(string id, string step, int? run, CancellationToken over)
    {
        if (await Calls.Tell(id, $"complete {step} {run}", Completing(step, run), over) is { Applied: true })
        {
            Answered.Add((id, step));
        }
    }

    /// <summary>Says once that a step has been done.</summary>
    public async Task Complete(string id, string step)
    {
        if (await Calls.Ask(id, $"complete {step}", Completing(step, run: null)) is { Applied: true })
        {
            Answered.Add((id, step));
        }
    }

    private static Func<ISagaGrain, Task<SagaReply>> Completing(string step, int? run) =>
        saga => saga.CompleteStep(step, Json(new RandomSaga.Answer(step)), run);

    private static byte[] Json<T>(T value) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, LoireJson.Strict);
}
