using Loire.Benchmarks.Campaign;
using Loire.Benchmarks.Commands;
using Loire.Benchmarks.DeadLetters;
using Loire.Benchmarks.GrainCalls;
using Loire.Benchmarks.PostgreSql;
using Loire.Benchmarks.Queries;
using Loire.Benchmarks.RawStore;
using Loire.Benchmarks.Rebuilds;
using Loire.Benchmarks.Sagas;
using Loire.Benchmarks.Soak;
using Loire.Benchmarks.States;
using Loire.Benchmarks.Timers;

// Each benchmark is a verb with its own arguments, in a folder of its own.
Dictionary<string, Func<string[], Task>> verbs = new()
{
    ["campaign"] = CampaignBenchmark.Run,
    ["commands"] = CommandBenchmark.Run,
    ["comparison"] = ComparisonBenchmark.Run,
    ["dead-letters"] = DeadLetterBenchmark.Run,
    ["grain-calls"] = GrainCallBenchmark.Run,
    ["postgresql"] = PostgreSqlBenchmark.Run,
    ["queries"] = QueriesBenchmark.Run,
    ["raw-store"] = RawStoreBenchmark.Run,
    ["rebuild"] = RebuildBenchmark.Run,
    ["sagas"] = SagaBenchmark.Run,
    ["soak"] = SoakBenchmark.Run,
    ["states"] = StateBenchmark.Run,
    ["timers"] = TimerBenchmark.Run,
};

if (args.Length == 0 || !verbs.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine($"Which benchmark? {string.Join(", ", verbs.Keys)}");
    return 2;
}

await run(args[1..]);

// A benchmark that checks something has said here whether it held.
return Environment.ExitCode;
