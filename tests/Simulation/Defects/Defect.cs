using Loire.Testing.Simulation;

namespace Loire.Simulation.Defects;

/// <summary>
/// Something that is wrong on purpose, to see that the simulation finds it. Defects are put in from outside, where the
/// platform lets its parts be replaced, so that its own code is the one that users run.
/// </summary>
internal sealed record Defect(string Name, string What, Action<ISiloBuilder, Simulator> Plant)
{
    public static readonly Defect None = new("none", "Nothing is wrong.", (_, _) => { });

    public static IReadOnlyList<Defect> All { get; } = [];
}
