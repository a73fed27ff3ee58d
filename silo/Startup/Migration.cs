namespace Loire.Silo.Startup;

/// <summary>
/// Makes the tables of the store, or brings them up to date, and ends: for a database whose silos may not do it themselves.
/// </summary>
internal static class Migration
{
    public const string Option = "--migrate";

    /// <exception cref="SettingException">An option cannot be used.</exception>
    public static async Task Run(string[] args)
    {
        CommandLine.Check(args);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = CommandLine.Expand(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        Logs.Configure(builder.Logging);
        new Settings(builder.Configuration).AddStore(builder.Services);
        using var host = builder.Build();
        await host.StartAsync();
        await Membership.Migrate(host.Services);
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        await Console.Out.WriteLineAsync("The store is up to date.");
    }
}
