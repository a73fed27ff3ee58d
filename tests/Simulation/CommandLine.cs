using System.Diagnostics;
using System.Globalization;
using Loire.Simulation.Defects;
using Loire.Simulation.RandomSagas;

namespace Loire.Simulation;

/// <summary>What can be asked for on the command line.</summary>
internal static class CommandLine
{
    private const string Usage = """
        --seeds N [--from S] [--defect NAME]   runs seeds S to S+N-1; a line for each that finds something
        --seed S [--defect NAME]               runs one seed and writes its whole trace
        --scenario commerce|sagas              what is played: the reference domain, or sagas of random shapes
        --defects N                            plants each defect and looks for the first seed, 1 to N, that finds it
        """;

    public static async Task<int> Run(string[] args)
    {
        if (!TryRead(args, out var options))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var defect = Defect.All.Append(Defect.None).FirstOrDefault(d => d.Name == options.GetValueOrDefault("--defect", Defect.None.Name));
        if (defect is null)
        {
            Console.Error.WriteLine($"Which defect? {string.Join(", ", Defect.All.Select(d => d.Name))}");
            return 2;
        }

        var sagas = options.GetValueOrDefault("--scenario") == "sagas" ? new SagaEndings() : null;
        if (options.TryGetValue("--seed", out var seed))
        {
            var run = await Seed.Run(ulong.Parse(seed, CultureInfo.InvariantCulture), defect, Console.Out, sagas);
            Console.Out.WriteLine(run);
            return run.Violations.Count == 0 ? 0 : 1;
        }

        if (options.TryGetValue("--defects", out var most))
        {
            return await FindDefects(ulong.Parse(most, CultureInfo.InvariantCulture));
        }

        var from = ulong.Parse(options.GetValueOrDefault("--from", "1"), CultureInfo.InvariantCulture);
        var count = ulong.Parse(options.GetValueOrDefault("--seeds", "100"), CultureInfo.InvariantCulture);
        return await RunMany(from, count, defect, sagas);
    }

    private static async Task<int> RunMany(ulong from, ulong count, Defect defect, SagaEndings? sagas)
    {
        var started = Stopwatch.GetTimestamp();
        var failed = 0;
        var virtualTime = TimeSpan.Zero;
        for (var seed = from; seed < from + count; seed++)
        {
            var run = await Seed.Run(seed, defect, output: null, sagas);
            virtualTime += run.VirtualTime;
            if (run.Violations.Count > 0)
            {
                failed++;
                Console.Out.WriteLine(run);
            }
        }

        var took = Stopwatch.GetElapsedTime(started);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds, {failed} with findings, {count / took.TotalSeconds:0.0} seeds/s, {virtualTime.TotalHours:0.0} h of virtual time in {took.TotalSeconds:0} s"));
        if (sagas is not null)
        {
            Console.Out.WriteLine(sagas);
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> FindDefects(ulong most)
    {
        var missed = 0;
        foreach (var defect in Defect.All)
        {
            Seed? found = null;
            for (ulong seed = 1; seed <= most && found is null; seed++)
            {
                var run = await Seed.Run(seed, defect, output: null, defect.OfSagas ? new SagaEndings() : null);
                found = run.Violations.Count > 0 ? run : null;
            }

            missed += found is null ? 1 : 0;
            Console.Out.WriteLine(found is null
                ? $"{defect.Name,-22} not found in {most} seeds"
                : $"{defect.Name,-22} seed {found.Number,4}: {found.Violations[0]}");
        }

        Console.Out.WriteLine($"{Defect.All.Count - missed} of {Defect.All.Count} defects found");
        return missed == 0 ? 0 : 1;
    }

    private static bool TryRead(string[] args, out Dictionary<string, string> options)
    {
        options = [];
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        string[] known = ["--seeds", "--from", "--seed", "--defect", "--defects", "--scenario"];
        return args.Length % 2 == 0 && args.Length > 0 && options.Keys.All(known.Contains)
            && options.GetValueOrDefault("--scenario", "commerce") is "commerce" or "sagas";
    }
}
