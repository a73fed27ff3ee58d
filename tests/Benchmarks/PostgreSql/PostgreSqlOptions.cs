using System.Globalization;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>What the verb <c>postgresql</c> is told, as <c>--name value</c>.</summary>
internal sealed record PostgreSqlOptions
{
    /// <summary>Where the server's files go: on the disk that is to be measured.</summary>
    public string Folder { get; private init; } = Path.GetTempPath();

    /// <summary>How long each rate is measured.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which parts run.</summary>
    public IReadOnlyList<string> Parts { get; private init; } = ["commands", "bulk", "read", "load", "growth"];

    /// <summary>How many events are written in bulk, and read.</summary>
    public int Events { get; private init; } = 200_000;

    /// <summary>How long the longest stream is that is loaded.</summary>
    public int Stream { get; private init; } = 100_000;

    /// <summary>How long the log gets while the cost of a command is watched.</summary>
    public int Growth { get; private init; } = 300_000;

    public static PostgreSqlOptions Parse(string[] args)
    {
        var options = new PostgreSqlOptions();
        foreach (var pair in args.Chunk(2))
        {
            options = pair switch
            {
                ["--folder", var folder] => options with { Folder = folder },
                ["--seconds", var seconds] => options with { Time = TimeSpan.FromSeconds(Number(seconds)) },
                ["--parts", var parts] => options with { Parts = parts.Split(',') },
                ["--events", var events] => options with { Events = Number(events) },
                ["--stream", var events] => options with { Stream = Number(events) },
                ["--growth", var events] => options with { Growth = Number(events) },
                _ => throw new ArgumentException($"What is '{string.Join(' ', pair)}'?", nameof(args)),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
