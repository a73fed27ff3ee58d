using System.Globalization;

namespace Loire.Benchmarks.Soak;

/// <summary>What a soak does.</summary>
/// <param name="Time">How long there is load.</param>
/// <param name="Round">How long there is load before everything is checked.</param>
/// <param name="Seed">Chooses the commands and when which silo ends how.</param>
/// <param name="Store"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Folder">Where the store's folder is made.</param>
/// <param name="Callers">How many send commands, each one after the other.</param>
/// <param name="PerSecond">How many commands all of them send per second.</param>
internal sealed record SoakOptions(
    TimeSpan Time, TimeSpan Round, int Seed, string Store, string Folder, int Callers, int PerSecond)
{
    /// <summary>After this every call has ended, one way or another.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">An option is unknown, or its value cannot be used.</exception>
    public static SoakOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--minutes"] = "10",
            ["--round-seconds"] = "30",
            ["--seed"] = Environment.TickCount.ToString(CultureInfo.InvariantCulture),
            ["--store"] = "sqlite",
            ["--folder"] = Path.GetTempPath(),
            ["--callers"] = "16",
            ["--per-second"] = "50",
        };
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            values[args[i]] = values.ContainsKey(args[i]) ? args[i + 1] : throw new ArgumentException($"What is {args[i]}?", nameof(args));
        }

        var store = values["--store"];
        return store is "sqlite" or "postgresql" && args.Length % 2 == 0
            ? new SoakOptions(
                TimeSpan.FromMinutes(Number("--minutes")),
                TimeSpan.FromSeconds(Number("--round-seconds")),
                (int)Number("--seed"),
                store,
                values["--folder"],
                (int)Number("--callers"),
                (int)Number("--per-second"))
            : throw new ArgumentException("soak [--minutes n] [--round-seconds n] [--seed n] [--store sqlite|postgresql] "
                + "[--folder path] [--callers n] [--per-second n]", nameof(args));

        double Number(string name) => double.Parse(values[name], CultureInfo.InvariantCulture);
    }
}
