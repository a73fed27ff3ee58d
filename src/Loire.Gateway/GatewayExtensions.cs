using Loire.Aggregates;
using Loire.Gateway.Commands;
using Loire.Gateway.DeadLetters;
using Loire.Gateway.Health;
using Loire.Gateway.Metrics;
using Loire.Gateway.Problems;
using Loire.Gateway.Processes;
using Loire.Gateway.Queries;
using Loire.Gateway.Reading;
using Loire.Gateway.Requests;
using Loire.Gateway.Sagas;
using Loire.Gateway.Subscriptions;
using Loire.Gateway.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Loire.Gateway;

/// <summary>Puts the HTTP API in front of the platform.</summary>
public static class GatewayExtensions
{
    /// <summary>
    /// Registers the gateway. Every failure of the application becomes a problem document from here on, and every path is
    /// read from the request line as it was sent, so that ids may hold any character.
    /// </summary>
    public static IServiceCollection AddLoireGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        services.AddOptions<GatewayOptions>()
            .Configure(configure ?? (_ => { }))
            .Validate(o => o.MaxBodyBytes is >= 1 and <= 64 << 20, "Gateway:MaxBodyBytes must be 1 to 67108864.")
            .Validate(o => o.MaxCommandsInFlight >= 1, "Gateway:MaxCommandsInFlight must be 1 or more.")
            .Validate(
                o => o.ViewPatience > TimeSpan.Zero && o.ViewPatience <= TimeSpan.FromSeconds(20),
                "Gateway:ViewPatience must be more than zero and at most 20 seconds.")
            .Validate(o => o.StuckSagas >= 1, "Gateway:StuckSagas must be 1 or more.")
            .Validate(
                o => o.StoreWriteInterval >= TimeSpan.Zero && o.StoreWriteInterval <= TimeSpan.FromMinutes(5),
                "Gateway:StoreWriteInterval must be zero to 5 minutes.")
            .Validate(o => o.RelayPatience >= TimeSpan.FromSeconds(2), "Gateway:RelayPatience must be 2 seconds or more.")
            .Validate(o => o.TimerPatience >= TimeSpan.FromSeconds(2), "Gateway:TimerPatience must be 2 seconds or more.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<ViewWait>();
        services.AddSingleton<SagaTypes>();
        services.AddSingleton<SagaFinder>();
        services.AddSingleton<MetricRecorder>();
        services.AddSingleton<StoreProbe>();
        services.AddSingleton<DeadLetterCheck>();
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<SagaAlert>();
        services.AddSingleton<IStartupFilter, GatewayPipeline>();
        return services;
    }

    /// <summary>Maps the API: commands, reading, views, sagas, processes, subscriptions and health.</summary>
    /// <exception cref="InvalidOperationException">An aggregate has the name of a part of the API.</exception>
    public static IEndpointRouteBuilder MapLoire(this IEndpointRouteBuilder app)
    {
        AggregateNames.ThrowIfAnyIsTaken(app.ServiceProvider.GetRequiredService<AggregateRegistry>());
        var api = app.MapGroup("/api");
        api.MapCommands();
        api.MapReading();
        api.MapViews();
        api.MapQueries();
        api.MapSagas();
        api.MapProcesses();
        api.MapSubscriptions();
        api.MapRebuilds();
        api.MapPauses();
        api.MapDeadLetters();
        api.MapAmendments();
        api.MapAudits();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }

    /// <summary>Goes before routing, which would otherwise see paths that have been decoded half-way.</summary>
    private sealed class GatewayPipeline : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<ProblemMiddleware>();
            app.UseMiddleware<PathMiddleware>();
            next(app);
        };
    }
}
