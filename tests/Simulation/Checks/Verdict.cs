using Commerce;
using Commerce.Orders;
using Loire.EventLog;
using Loire.Simulation.Workload;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Checks;

/// <summary>Everything that must hold when the troubles are over.</summary>
internal static class Verdict
{
    /// <returns>What does not hold; empty when all is well.</returns>
    public static async Task<IReadOnlyList<string>> Reach(
        Simulator simulator, SimulatedCluster cluster, IEventLog log, History history, Operator someone, Rebuilder? rebuilder)
    {
        var violations = new List<string>(history.Violations);
        violations.AddRange(await Quiet.Await(simulator, cluster, log, someone));
        violations.AddRange(rebuilder is null ? [] : await rebuilder.Finish());
        var facts = await Facts.Read(log, cluster.Services);
        violations.AddRange(LogChecks.Run(facts));
        violations.AddRange(AnswerChecks.Run(facts, history));
        violations.AddRange(OrderChecks.Run(facts));
        violations.AddRange(PaymentChecks.Run(facts));
        violations.AddRange(ProcessChecks.Run(facts));
        violations.AddRange(OnboardingChecks.Run(facts));
        violations.AddRange(await ViewChecks.Run(cluster, loire => loire.AddCommerce().AddOrderExpiry().AddProjection<DepositsView>()));
        violations.AddRange(rebuilder is null ? [] : await GenerationChecks.Run(simulator, cluster, rebuilder));
        return Trace(simulator, violations);
    }

    /// <summary>Puts what is wrong into the trace.</summary>
    public static IReadOnlyList<string> Trace(Simulator simulator, IReadOnlyList<string> violations)
    {
        foreach (var violation in violations)
        {
            simulator.Trace.Add($"VIOLATION: {violation}");
        }

        return violations;
    }
}
