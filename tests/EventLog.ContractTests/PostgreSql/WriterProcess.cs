using System.Diagnostics;
using Loire.EventLog.PostgreSql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>A process of its own that races with others on a few streams and prints what was acknowledged to it.</summary>
internal static class WriterProcess
{
    public const string Verb = "write-as-another-process";
    public const int Events = Writers * Appends * 2;
    private const int Streams = 4;
    private const int Writers = 12;
    private const int Appends = 50;

    /// <summary>Starts one and waits for it.</summary>
    /// <returns>The events that were acknowledged to it.</returns>
    public static async Task<List<Guid>> Start(string connection)
    {
        var assembly = typeof(WriterProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, Verb, connection])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];
    }

    public static async Task<int> Run(string connection)
    {
        await using var store = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = connection });
        var acknowledged = await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(n => Task.Run(() => RacingWriter.Run(store.Log, $"s{n % Streams}", Appends))));
        foreach (var id in acknowledged.SelectMany(ids => ids))
        {
            await Console.Out.WriteLineAsync(id.ToString());
        }

        return 0;
    }
}
