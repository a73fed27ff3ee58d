using System.Globalization;
using Commerce;
using Loire.Simulation.Defects;
using Loire.Simulation.RandomSagas;
using Loire.Simulation.Workload;
using Loire.Testing.Simulation;

namespace Loire.Simulation;

/// <summary>What one seed has brought to light.</summary>
/// <param name="Number">The seed.</param>
/// <param name="Violations">What was wrong.</param>
/// <param name="Digest">Of its trace.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="VirtualTime">How long it took in virtual time.</param>
internal sealed record Seed(ulong Number, IReadOnlyList<string> Violations, ulong Digest, long Steps, TimeSpan VirtualTime)
{
    /// <param name="number">The seed.</param>
    /// <param name="defect">What is wrong on purpose.</param>
    /// <param name="output">Gets the whole trace.</param>
    /// <param name="sagas">Counts what happens to random sagas; without it the reference domain is played.</param>
    public static async Task<Seed> Run(ulong number, Defect defect, TextWriter? output, SagaEndings? sagas = null)
    {
        var simulator = new Simulator(number, new SimulationOptions { Output = output });
        IReadOnlyList<string> violations = [];
        try
        {
            await simulator.Run(async () => violations = await (sagas is null
                ? new CommerceScenario(simulator, defect, Form(number), withExpiry: number % 5 == 4, withRebuilds: number % 2 == 0).Run()
                : new SagaScenario(simulator, defect, sagas).Run()));
        }
        catch (Exception e)
        {
            violations = [$"{e.GetType().Name}: {e.Message}", .. violations];
            output?.WriteLine(e);
        }

        return new Seed(number, violations, simulator.Trace.Digest, simulator.Steps, simulator.Now);
    }

    private static Fulfillment Form(ulong number) => number % 5 == 2 ? Fulfillment.Choreography : Fulfillment.Saga;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Number} digest {Digest:x16} steps {Steps} time {VirtualTime.TotalSeconds:0} s: {(Violations.Count == 0 ? "all well" : string.Join(" | ", Violations))}");
}
