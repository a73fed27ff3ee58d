using Loire.EventLog;

namespace Loire.Testing.Simulation;

/// <summary>What becomes of a batch on its way to a subscription.</summary>
internal enum BatchFate
{
    Arrives,
    Lost,
    Repeated,
    Late,
}

/// <summary>Draws from the seed what the store and the streams do wrong, and how long they take.</summary>
internal sealed class SimulatedFaults(Simulator simulator) : IStoreSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>What may go wrong now.</summary>
    public FaultProfile Profile { get; set; } = FaultProfile.None;

    public async ValueTask Before(StoreOperation operation, CancellationToken cancellation)
    {
        await simulator.Delay(Delay());
        if (simulator.Random.Chance(Profile.StoreFails))
        {
            simulator.Trace.Add($"fault: {operation.Kind} {operation.Target} fails");
            throw new StoreUnavailableException($"The simulated store fails {operation.Kind}.");
        }
    }

    public async ValueTask After(StoreOperation operation, CancellationToken cancellation)
    {
        var writes = operation.Kind is StoreOperationKind.Append or StoreOperationKind.CommitView;
        if (writes)
        {
            simulator.Trace.Add($"{operation.Kind} {operation.Target}");
        }

        await simulator.Delay(Delay());
        if (writes && simulator.Random.Chance(Profile.ReplyLost))
        {
            simulator.Trace.Add($"fault: the reply to {operation.Kind} {operation.Target} is lost");
            throw new StoreUnavailableException($"The simulated store lost its reply to {operation.Kind}.") { OutcomeUnknown = true };
        }
    }

    public BatchFate FateOfBatch(string subscription)
    {
        var fate = simulator.Random.Chance(Profile.BatchLost) ? BatchFate.Lost
            : simulator.Random.Chance(Profile.BatchRepeated) ? BatchFate.Repeated
            : simulator.Random.Chance(Profile.BatchLate) ? BatchFate.Late
            : BatchFate.Arrives;
        if (fate != BatchFate.Arrives)
        {
            simulator.Trace.Add($"fault: batch to {subscription} {fate}");
        }

        return fate;
    }

    public TimeSpan Delay() => simulator.Random.Between(Shortest, simulator.Random.Chance(Profile.StoreSlow) ? Slow : Usual);
}
