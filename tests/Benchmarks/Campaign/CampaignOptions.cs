using System.Globalization;

namespace Loire.Benchmarks.Campaign;

/// <summary>What a campaign does.</summary>
/// <param name="Events">How many events are written.</param>
/// <param name="Poison">How many of them no subscription can handle at first.</param>
/// <param name="Seed">Chooses them, and when what goes wrong.</param>
/// <param name="Store"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Folder">Where the store's folder is made.</param>
internal sealed record CampaignOptions(int Events, int Poison, int Seed, string Store, string Folder)
{
    /// <summary>Events in one stream.</summary>
    public const int EventsPerStream = 50;

    public int Streams => Events / EventsPerStream;

    /// <exception cref="ArgumentException">An option is unknown, or its value cannot be used.</exception>
    public static CampaignOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--events"] = "1000000",
            ["--poison"] = "1000",
            ["--seed"] = "1",
            ["--store"] = "sqlite",
            ["--folder"] = Path.GetTempPath(),
        };
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            values[args[i]] = values.ContainsKey(args[i]) ? args[i + 1] : throw new ArgumentException($"What is {args[i]}?", nameof(args));
        }

        var options = new CampaignOptions(Number("--events"), Number("--poison"), Number("--seed"), values["--store"], values["--folder"]);
        return options.Store is "sqlite" or "postgresql" && args.Length % 2 == 0 && options.Streams > 0 && options.Poison <= options.Events
            ? options
            : throw new ArgumentException(
                "campaign [--events n] [--poison n] [--seed n] [--store sqlite|postgresql] [--folder path]", nameof(args));

        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }
}
