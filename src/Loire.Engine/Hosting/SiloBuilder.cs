using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Hosting
{
    /// <summary>Configures the engine in a host.</summary>
    public interface ISiloBuilder
    {
        /// <summary>The services of the host.</summary>
        IServiceCollection Services { get; }

        /// <summary>The configuration of the host.</summary>
        IConfiguration Configuration { get; }
    }
}

namespace Loire.Engine
{
    internal sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
