using System.Net;

namespace Loire.Silo.Startup;

/// <summary>Where the silo listens: on this machine only, unless told otherwise.</summary>
internal static class Listening
{
    public const string Default = "http://localhost:5080";

    private static readonly string[] Told = ["urls", "http_ports", "https_ports"];

    /// <exception cref="SettingException">An address cannot be read.</exception>
    public static void Configure(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (Told.All(key => string.IsNullOrEmpty(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Default);
        }

        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Check(url);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    }

    private static void Check(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address is { Scheme: "http" or "https", PathBase.Length: 0, Port: >= 0 and <= IPEndPoint.MaxPort } && IsHost(address.Host))
            {
                return;
            }
        }
        catch (FormatException)
        {
            // Told below, as for every other address that will not do.
        }

        throw new SettingException($"--urls: '{url}' is no address to listen on; {Default} is one.");
    }

    // A port that is no number counts as a part of the host's name, and a name that is no address means every address.
    private static bool IsHost(string host) => host.Length > 0 && (host[0] == '[' || !host.Contains(':', StringComparison.Ordinal));
}
