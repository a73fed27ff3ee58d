using Loire.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Hosting
{
    /// <summary>Configures a host that calls grains and has none.</summary>
    public interface IClientBuilder
    {
        /// <summary>The services of the host.</summary>
        IServiceCollection Services { get; }

        /// <summary>The configuration of the host.</summary>
        IConfiguration Configuration { get; }
    }

    /// <summary>Settings of a client.</summary>
    public static class ClientBuilderExtensions
    {
        /// <summary>Adds services.</summary>
        public static IClientBuilder ConfigureServices(this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
        {
            configureDelegate(builder.Services);
            return builder;
        }

        /// <summary>Sets options.</summary>
        public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
            where TOptions : class =>
            builder.ConfigureServices(services => services.Configure(configureOptions));
    }

    /// <summary>Adds streams in memory to a client.</summary>
    public static class ClientBuilderStreamingExtensions
    {
        /// <summary>Adds a provider of the streams that silos have under the same name.</summary>
        public static IClientBuilder AddMemoryStreams(this IClientBuilder builder, string name)
        {
            EmbeddedStreamProvider.Add(builder.Services, name);
            return builder;
        }
    }
}

namespace Loire.Engine
{
    internal sealed record ClientBuilder(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
