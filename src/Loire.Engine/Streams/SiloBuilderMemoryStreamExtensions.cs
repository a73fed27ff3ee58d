using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Streams;

namespace Orleans.Hosting;

/// <summary>Adds streams in memory.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds a provider of streams that lasts as long as the host.</summary>
    public static ISiloBuilder AddMemoryStreams(
        this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        builder.Services.AddKeyedSingleton<IStreamProvider>(name, static (services, key) =>
        {
            var name = (string)key!;
            return new EmbeddedStreamProvider(
                name,
                services.GetRequiredService<EngineRuntime>(),
                services.GetRequiredService<IOptionsMonitor<StreamPubSubOptions>>().Get(name),
                services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name));
        });
        configure?.Invoke(new Configurator(name, change => change(builder.Services)));
        return builder;
    }

    private sealed record Configurator(string Name, Action<Action<IServiceCollection>> ConfigureDelegate)
        : ISiloMemoryStreamConfigurator;
}
