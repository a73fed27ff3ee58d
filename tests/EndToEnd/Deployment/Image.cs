namespace EndToEnd.Deployment;

/// <summary>What <c>deploy/Dockerfile</c> says.</summary>
internal static class Image
{
    private static readonly string[][] Lines =
        [.. DeploymentFile.Text("Dockerfile").Split('\n').Where(line => line.Length > 0).Select(line => line.Split(' '))];

    public static IEnumerable<string> Exposed => Of("EXPOSE");

    public static string HttpPort => new Uri(Of("ENV").Single().Replace("ASPNETCORE_URLS=", "", StringComparison.Ordinal)).Port.ToString();

    /// <summary>What follows an instruction that is there once.</summary>
    public static string[] Of(string instruction) => Lines.Single(line => line[0] == instruction)[1..];
}
