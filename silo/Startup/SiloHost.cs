using Commerce;
using Loire.Commands;
using Loire.Gateway;
using Loire.Hosting;
using Loire.Projections;
using Loire.Queries;
using Loire.Snapshots;
using Loire.Subscriptions;
using Loire.Timers;

namespace Loire.Silo.Startup;

/// <summary>Puts the silo together. Services start in this order and stop in the opposite one: store, engine, HTTP.</summary>
internal static class SiloHost
{
    /// <summary>What is under way when the silo is told to stop has this long to finish.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    public static WebApplication Build(string[] args)
    {
        CommandLine.Check(args);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = CommandLine.Expand(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        Listening.Configure(builder);
        Logs.Configure(builder.Logging);
        var settings = new Settings(builder.Configuration);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        settings.AddStore(builder.Services);
        settings.BindAll<SnapshotOptions>(builder.Services, "Snapshots");
        ((IHostApplicationBuilder)builder).UseOrleans(silo => silo.UseMembership(settings).ConfigureEngine().AddLoire(loire => loire.AddCommerce()));
        settings.Bind<CommandOptions>(builder.Services, "Commands");
        settings.Bind<SubscriptionOptions>(builder.Services, "Subscriptions");
        settings.Bind<QueryOptions>(builder.Services, "Queries");
        settings.Bind<RebuildOptions>(builder.Services, "Rebuilds");
        settings.Bind<TimerOptions>(builder.Services, "Timers");
        settings.Bind<GatewayOptions>(builder.Services, "Gateway");
        builder.Services.AddLoireGateway();

        var app = builder.Build();
        app.MapLoire();
        return app;
    }
}
