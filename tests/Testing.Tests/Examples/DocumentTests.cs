namespace Loire.Testing.Tests.Examples;

/// <summary>What docs/testing.md shows is what runs here.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void Every_example_of_the_document_is_run_as_a_test()
    {
        var sources = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples"), "*Examples.cs")
            .Select(file => Text(File.ReadAllLines(file)))
            .ToList();
        var blocks = Blocks(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "testing.md"))).ToList();

        blocks.Count.ShouldBeGreaterThan(10);
        foreach (var block in blocks)
        {
            sources.ShouldContain(source => source.Contains(Text(block), StringComparison.Ordinal), Text(block));
        }
    }

    /// <summary>The code of the document, and the output that it shows; not what is to be typed into a shell.</summary>
    private static IEnumerable<IReadOnlyList<string>> Blocks(IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                string[] block = [.. lines.Skip(i + 1).TakeWhile(line => line != "```")];
                if (lines[i] is "```csharp" or "```text")
                {
                    yield return block;
                }

                i += block.Length + 1;
            }
        }
    }

    // Indented otherwise, it is the same.
    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()));
}
