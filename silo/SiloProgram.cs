using Loire.Silo.Startup;

namespace Loire.Silo;

/// <summary>Starts the silo, and says in one line why it cannot, if it cannot.</summary>
internal static class SiloProgram
{
    private const int Failed = 1;

    public static async Task<int> Run(string[] args)
    {
        if (args is ["--help" or "-h" or "-?"])
        {
            await Console.Out.WriteLineAsync(CommandLine.Usage);
            return 0;
        }

        try
        {
            if (args.Contains(Migration.Option))
            {
                await Migration.Run([.. args.Where(argument => argument != Migration.Option)]);
                return 0;
            }

            await using var app = SiloHost.Build(args);
            await Start(app);
            Banner.Print(app.Urls, Console.Out, Console.IsOutputRedirected);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } reasons)
        {
            foreach (var reason in reasons)
            {
                await Console.Error.WriteLineAsync($"loire: {reason}");
            }

            return Failed;
        }
    }

    private static async Task Start(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            Logs.Running = true;
        }
        catch (Exception failure)
        {
            Logs.GivenUp = true;
            await Stop(app, failure);
            throw;
        }
    }

    // What has been started already must stop before the services are taken away from under it.
    private static async Task Stop(WebApplication app, Exception failure)
    {
        try
        {
            await app.StopAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentNullException)
        {
            // Orleans refuses to stop a silo that has not started, and the host falls over services that could not be made.
            // Why it has not started is what is told.
            app.Logger.LogDebug(e, "What had not started could not be stopped, after {Failure}", failure.Message);
        }
    }
}
