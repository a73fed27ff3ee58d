namespace Loire.Testing.Simulation;

/// <summary>How often what goes wrong in a run: probabilities from 0 to 1.</summary>
public sealed record FaultProfile
{
    /// <summary>Everything works.</summary>
    public static readonly FaultProfile None = new();

    /// <summary>An operation of the store fails and has not happened.</summary>
    public double StoreFails { get; init; }

    /// <summary>A write has happened, but its reply is lost.</summary>
    public double ReplyLost { get; init; }

    /// <summary>An operation of the store takes up to seconds rather than milliseconds.</summary>
    public double StoreSlow { get; init; }

    /// <summary>The relay's batch is lost on its way to a subscription.</summary>
    public double BatchLost { get; init; }

    /// <summary>It arrives twice.</summary>
    public double BatchRepeated { get; init; }

    /// <summary>It arrives late, maybe after those that were sent after it.</summary>
    public double BatchLate { get; init; }

    /// <summary>For each second of virtual time: a silo is killed, and another comes up.</summary>
    public double SiloKilled { get; init; }

    /// <summary>For each second: a silo stands still for a while, up to 40 s.</summary>
    public double SiloFrozen { get; init; }

    /// <summary>That the others take a frozen silo for dead and go on without it, so that its grains exist twice when it thaws.</summary>
    public double FrozenTakenForDead { get; init; }

    /// <summary>For each second: a silo is stopped in good order, and another comes up.</summary>
    public double SiloStopped { get; init; }

    /// <summary>For each second: the store stands still for a while, up to 10 s.</summary>
    public double StoreFrozen { get; init; }

    /// <summary>Largest difference of the silos' clocks.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>
    /// A mix for one run: each kind of fault is there or not, rarely or often, because runs in which everything fails at
    /// once do not get far enough to find what only one kind brings to light.
    /// </summary>
    public static FaultProfile Draw(SeededRandom random)
    {
        double Rate(double most) => random.Chance(0.5) ? most * random.NextDouble() : 0;
        return new FaultProfile
        {
            StoreFails = Rate(0.05),
            ReplyLost = Rate(0.05),
            StoreSlow = Rate(0.02),
            BatchLost = Rate(0.3),
            BatchRepeated = Rate(0.3),
            BatchLate = Rate(0.3),
            SiloKilled = Rate(0.3),
            SiloFrozen = Rate(0.4),
            FrozenTakenForDead = 0.8,
            SiloStopped = Rate(0.1),
            StoreFrozen = Rate(0.05),
            ClockSkew = random.Chance(0.3) ? TimeSpan.FromSeconds(2 * random.NextDouble()) : TimeSpan.Zero,
        };
    }
}
