namespace Loire.Testing.Simulation;

/// <summary>
/// Random numbers that are the same for a seed in every process and on every version of .NET: SplitMix64 (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
public sealed class SeededRandom(ulong seed) : Random
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 (inclusive) to a bound (exclusive).</summary>
    public override int Next(int maxValue) =>
        maxValue > 0
            ? (int)(((UInt128)NextUInt64() * (ulong)maxValue) >> 64)
            : throw new ArgumentOutOfRangeException(nameof(maxValue), maxValue, "There is nothing to choose from.");

    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    public override int Next() => Next(int.MaxValue);

    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    protected override double Sample() => NextDouble();

    /// <summary>Yes, with this probability.</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    /// <summary>A time between two others, most often near the shorter.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest)
    {
        var share = NextDouble();
        return shortest + ((longest - shortest) * (share * share * share));
    }
}
