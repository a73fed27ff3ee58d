using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Adds streams in memory.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds a provider of streams that lasts as long as the host or its cluster; what is queued in a silo that dies is lost.</summary>
    public static ISiloBuilder AddMemoryStreams(
        this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        EmbeddedStreamProvider.Add(builder.Services, name);
        configure?.Invoke(new Configurator(name, change => change(builder.Services)));
        return builder;
    }

    private sealed record Configurator(string Name, Action<Action<IServiceCollection>> ConfigureDelegate)
        : ISiloMemoryStreamConfigurator;
}
