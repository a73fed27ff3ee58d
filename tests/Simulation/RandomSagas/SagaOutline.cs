using System.Globalization;
using Loire.Sagas;
using Loire.Testing.Simulation;

namespace Loire.Simulation.RandomSagas;

/// <summary>What a saga looks like, drawn from the seed.</summary>
/// <param name="Stages">One after the other; the steps of a stage at the same time.</param>
/// <param name="Deadline">How long it may take in all.</param>
internal sealed record SagaOutline(IReadOnlyList<IReadOnlyList<StepOutline>> Stages, TimeSpan? Deadline)
{
    public static readonly IReadOnlyList<string> Workers = ["w0", "w1", "w2", "w3"];

    public IEnumerable<StepOutline> Steps => Stages.SelectMany(stage => stage);

    public StepOutline Find(string step) => Steps.Single(s => s.Name == step);

    public static SagaOutline Draw(SeededRandom random)
    {
        var stages = Enumerable.Range(0, random.Next(1, 5)).Select(n => Stage(random, n)).ToList();
        var single = Enumerable.Range(0, stages.Count).Where(n => stages[n].Count == 1).ToList();
        if (single.Count > 0 && random.Chance(0.3))
        {
            var last = random.Pick(single);
            stages[last] = [stages[last][0] with { NoReturn = true }];
        }

        return new SagaOutline(stages, random.Chance(0.25) ? TimeSpan.FromSeconds(random.Next(20, 200)) : null);
    }

    public override string ToString() =>
        $"{string.Join(" > ", Stages.Select(stage => $"({string.Join(" | ", stage)})"))}{(Deadline is { } limit ? $" within {limit}" : "")}";

    private static List<StepOutline> Stage(SeededRandom random, int number) =>
        [.. Enumerable.Range(0, random.Chance(0.5) ? random.Next(2, 4) : 1).Select(n => StepOutline.Draw(random, $"s{number}{(char)('a' + n)}"))];
}

/// <summary>What a step looks like.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Workers">The worker that each of its commands is for.</param>
/// <param name="Waits">Whether it waits for an answer.</param>
/// <param name="Retry">How it is tried again.</param>
/// <param name="UndoRetry">How its compensation is.</param>
/// <param name="Limit">How long it may take.</param>
/// <param name="NoReturn">Whether there is no way back behind it.</param>
internal sealed record StepOutline(
    string Name, IReadOnlyList<string> Workers, bool Waits, StepRetry Retry, StepRetry UndoRetry, TimeSpan? Limit, bool NoReturn = false)
{
    public static StepOutline Draw(SeededRandom random, string name)
    {
        var waits = random.Chance(0.4);
        var commands = waits && random.Chance(0.15) ? 0 : random.Chance(0.25) ? 2 : 1;
        return new StepOutline(
            name,
            [.. Enumerable.Range(0, commands).Select(_ => random.Pick(SagaOutline.Workers))],
            waits,
            Policy(random),
            Policy(random),
            random.Chance(waits ? 0.6 : 0.2) ? TimeSpan.FromSeconds(random.Next(1, 90)) : null);
    }

    /// <summary>What one of its commands leads to.</summary>
    public string EffectOf(string saga, int command) => string.Create(CultureInfo.InvariantCulture, $"{saga}/{Name}/{command}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {string.Join('+', Workers)}{(Waits ? " waits" : "")} x{Retry.Attempts}/{UndoRetry.Attempts}{(Limit is { } l ? $" in {l.TotalSeconds} s" : "")}{(NoReturn ? " no return" : "")}");

    private static StepRetry Policy(SeededRandom random)
    {
        var first = random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20));
        return new StepRetry
        {
            Attempts = random.Next(1, 5),
            Initial = first,
            Largest = 3 * first,
            On = random.Chance(0.3) ? ["busy", "timed-out"] : [],
            StuckAfter = random.Next(1, 12),
        };
    }
}
