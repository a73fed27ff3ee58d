using System.Text.RegularExpressions;

namespace Loire.Testing.Tests.Examples;

/// <summary>The code that the documents show is code that is compiled here, and output that they show is what it gives.</summary>
public sealed class DocumentTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Documents");

    public static TheoryData<string> Documents =>
        [.. Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_example_is_in_the_sources(string document)
    {
        var sources = Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Text(File.ReadAllLines(file)))
            .ToList();

        foreach (var example in Blocks(document).Select(Text))
        {
            sources.ShouldContain(source => Pattern(example).IsMatch(source), $"{document} shows what is not in the sources:\n{example}");
        }
    }

    [Fact]
    public void There_are_examples_to_be_looked_for() =>
        Directory.GetFiles(Folder, "*.md").Sum(file => Blocks(Path.GetFileName(file)).Count()).ShouldBeGreaterThan(30);

    [Fact]
    public void An_example_that_was_changed_on_one_side_is_found()
    {
        Pattern("a(1);\n…\nb(…, 2);").IsMatch("x();\na(1);\nc();\nd();\nb(7, 2);\n").ShouldBeTrue();
        Pattern("a(1);\n…\nb(…, 2);").IsMatch("x();\na(1);\nc();\nd();\nb(7, 3);\n").ShouldBeFalse();
        Pattern("a(1);\nb(2);").IsMatch("a(1);\nc();\nb(2);").ShouldBeFalse();
    }

    /// <summary>The code of a document, and the output that it shows; not what is to be typed into a shell.</summary>
    private static IEnumerable<IReadOnlyList<string>> Blocks(string document)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, document));
        for (var i = 0; i < lines.Length; i++)
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

    // What three dots stand for is left out.
    private static Regex Pattern(string example) => new(
        string.Join("[\\s\\S]*?", example.Split('…').Select(Regex.Escape)), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
}
