namespace EndToEnd.Startup;

/// <summary>What a silo says that does not start.</summary>
internal static class Refusal
{
    /// <summary>The only line of it.</summary>
    public static string OneLine(string errors)
    {
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem(errors);
        line.ShouldStartWith("loire: ");
        return line;
    }
}
