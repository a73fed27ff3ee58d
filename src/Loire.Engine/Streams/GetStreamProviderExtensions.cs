using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans;

/// <summary>Gives grains their streams.</summary>
public static class GrainStreamingExtensions
{
    /// <summary>The provider with a name.</summary>
    public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) =>
        grain.GrainContext.ActivationServices.GetRequiredKeyedService<IStreamProvider>(name);

    /// <summary>The provider with a name.</summary>
    public static IStreamProvider GetStreamProvider(this Grain grain, string name) => ((IGrainBase)grain).GetStreamProvider(name);
}

/// <summary>Gives clients their streams.</summary>
public static class ClientStreamingExtensions
{
    /// <summary>The provider with a name.</summary>
    public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) =>
        client.ServiceProvider.GetRequiredKeyedService<IStreamProvider>(name);
}
