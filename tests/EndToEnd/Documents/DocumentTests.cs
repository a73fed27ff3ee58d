using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Documents;

/// <summary>What the texts tell people to type works.</summary>
public sealed class DocumentTests
{
    [Fact]
    public async Task The_lines_that_a_silo_prints_when_it_starts_work()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        await api.Until("/alive", _ => silo.Printed.Contains("/api/views/", StringComparison.Ordinal));

        var lines = CurlLine.In(silo.Printed);

        lines.Count.ShouldBe(3);
        (await Try(api, lines))["status"].GetString().ShouldBeOneOf("pending", "confirmed");
    }

    [Fact]
    public async Task The_lines_of_the_readme_work()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path);
        using var api = new Api(silo.Address);
        var readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"));

        var lines = CurlLine.In(readme);

        lines.Count.ShouldBeGreaterThan(3);
        await Try(api, lines);
    }

    /// <summary>Runs one after the other, each until it succeeds: people are slower than views.</summary>
    private static async Task<Answer> Try(Api api, IEnumerable<CurlLine> lines)
    {
        Answer? last = null;
        foreach (var line in lines)
        {
            last = line.Method == "GET"
                ? await api.Until(line.ToRequest(api.Address).RequestUri!.PathAndQuery, a => a.Status == HttpStatusCode.OK)
                : await api.Send(line.ToRequest(api.Address));
            last.Ok();
        }

        return last!;
    }
}
