using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Loire.Hosting;

/// <summary>Puts the reading side into a process that is no silo.</summary>
public static class QueryHosting
{
    /// <summary>
    /// Lets a client of the cluster ask queries with <see cref="IQueries"/>. It needs the same registrations as the silos, the
    /// store, and an <see cref="IGrainFactory"/> (an Orleans client brings it). Nothing of what is registered runs here.
    /// </summary>
    public static IServiceCollection AddLoireQueries(this IServiceCollection services, Action<LoireBuilder> configure)
    {
        var definitions = new ServiceCollection();
        configure(new LoireBuilder(definitions));
        foreach (var definition in definitions.Where(d => d.ServiceType != typeof(IHostedService)))
        {
            services.Add(definition);
        }

        return services.AddViews();
    }

    internal static IServiceCollection AddViews(this IServiceCollection services)
    {
        services.AddOptions<QueryOptions>()
            .Validate(o => o.CacheBytes is >= 0 and <= 1 << 30, "Queries:CacheBytes must be 0 to 1073741824.")
            .Validate(o => o.CacheAbove >= TimeSpan.Zero, "Queries:CacheAbove must not be negative.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ViewRegistry>();
        services.AddSingleton<ViewReader>();
        services.AddSingleton<QueryRegistry>();
        services.AddSingleton<IQueries, Queries.Queries>();
        return services;
    }
}
