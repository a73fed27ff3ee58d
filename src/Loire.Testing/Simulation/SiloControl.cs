using Loire.Engine;

namespace Loire.Testing.Simulation;

/// <summary>Lets a simulation decide what the engine of one silo does next.</summary>
internal sealed class SiloControl(Simulator simulator, SimulatedProcess process, SimulatedFaults faults) : EngineControl
{
    public override Random Random => simulator.Random;

    // One turn as a rule, so that other grains can come between any two.
    public override int TurnsPerBurst => simulator.Random.Chance(0.1) ? 8 : 1;

    public override TaskScheduler Background => process.Scheduler;

    public override void Dispatch(IThreadPoolWorkItem turns, GrainId grain) => process.Enqueue(grain.ToString(), turns.Execute);

    public override async Task Publish(StreamId stream, Func<Task> publish)
    {
        switch (faults.FateOfBatch(stream.GetKeyAsString()))
        {
            case BatchFate.Lost:
                break;
            case BatchFate.Repeated:
                await publish();
                await publish();
                break;
            case BatchFate.Late:
                // Those after it may overtake.
                _ = process.Start(async () =>
                {
                    await Task.Delay(faults.Delay(), process.Time);
                    await publish();
                });
                break;
            default:
                await publish();
                break;
        }
    }
}
