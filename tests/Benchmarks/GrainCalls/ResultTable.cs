namespace Loire.Benchmarks.GrainCalls;

/// <summary>Results of one engine, beside those of another where its output is at hand.</summary>
internal sealed class ResultTable(string? otherOutput)
{
    private readonly List<(string What, string Result)> _rows = [];

    private static string Engine
    {
        get
        {
            var assembly = typeof(Grain).Assembly.GetName();
            return assembly.Name == "Loire.Engine" ? "embedded" : $"Orleans {assembly.Version!.ToString(2)}";
        }
    }

    public void Add(string what, string result)
    {
        Console.Error.WriteLine($"{what}: {result}");
        _rows.Add((what, result));
    }

    public void Print()
    {
        var others = otherOutput is null ? [] : Read(otherOutput);
        var columns = others.Count > 0 ? $"{others[0].Result} | {Engine}" : Engine;
        Console.WriteLine($"| what | {columns} |");
        Console.WriteLine(others.Count > 0 ? "|---|--:|--:|" : "|---|--:|");
        foreach (var (what, result) in _rows)
        {
            var other = others.Count > 0 ? others.FirstOrDefault(row => row.What == what).Result + " | " : "";
            Console.WriteLine($"| {what} | {other}{result} |");
        }
    }

    // The rows of a table with one column of results; the first is its head.
    private static List<(string What, string Result)> Read(string file) =>
        [.. from line in File.ReadLines(file)
            let cells = line.Split('|', StringSplitOptions.TrimEntries)
            where cells.Length == 4 && !cells[1].StartsWith("---", StringComparison.Ordinal)
            select (cells[1], cells[2])];
}
