using Spectre.Console;

namespace Loire.Silo.Startup;

/// <summary>What the silo says when it is ready: where it is, and what to try.</summary>
internal static class Banner
{
    /// <summary>How the line begins that a script can wait for.</summary>
    public const string Ready = "Loire is listening on ";

    public static void Print(ICollection<string> urls, TextWriter output, bool plain)
    {
        var address = urls.FirstOrDefault() ?? Listening.Default;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new AnsiConsoleOutput(output),
        });

        // Lines that are to be copied must not be broken.
        console.Profile.Width = int.MaxValue;
        console.MarkupLine($"[bold]{Ready}[/][bold deepskyblue1]{Markup.Escape(string.Join(", ", urls))}[/]");
        console.MarkupLine("[grey]Put a lamp on the shelf, order it, and read the order (Ctrl+C stops):[/]");
        foreach (var line in Lines(address.Replace("://[::]", "://localhost", StringComparison.Ordinal)))
        {
            console.WriteLine($"  {line}");
        }
    }

    private static IEnumerable<string> Lines(string address)
    {
        const string Json = "-H 'Content-Type: application/json'";
        yield return $$"""curl {{address}}/api/inventory/lamp/receive-stock {{Json}} -d '{"quantity": 10}'""";
        yield return $$"""curl {{address}}/api/order/1001/place {{Json}} -d '{"customerId": "ada", "items": [{"productId": "lamp", "quantity": 1, "price": 49.90}], "paymentMethod": "card"}'""";
        yield return $"curl {address}/api/views/orders/1001";
    }
}
