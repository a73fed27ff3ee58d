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
            if (address.Scheme is "http" or "https" && address is { PathBase.Length: 0, Port: >= 0 and <= IPEndPoint.MaxPort })
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
}
