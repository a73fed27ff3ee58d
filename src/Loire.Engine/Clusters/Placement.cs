using Orleans.Placement;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Chooses the silo for a new activation.</summary>
internal static class Placement
{
    /// <exception cref="SiloUnavailableException">There is no silo.</exception>
    public static EngineRuntime Choose(Membership membership, EngineRuntime from, GrainClass grainClass, GrainId id)
    {
        var silos = membership.Silos;
        return grainClass.Placement switch
        {
            _ when silos.Length == 0 => throw Membership.NoSilo(),
            PreferLocalPlacementAttribute when Local(from) is { } local => local,
            HashBasedPlacementAttribute => silos[(int)(id.GetUniformHashCode() % (uint)silos.Length)],
            ActivationCountBasedPlacementAttribute => silos.MinBy(silo => silo.Catalog.Count)!,
            _ => silos[from.Random.Next(silos.Length)],
        };
    }

    /// <summary>The silo that the caller is on, or any where it is on none that takes calls.</summary>
    /// <exception cref="SiloUnavailableException">There is no silo.</exception>
    public static EngineRuntime LocalOrAny(Membership membership, EngineRuntime from) =>
        Local(from) ?? membership.Owner(from.Random.Next());

    // A reference may have come from another silo: then the grain that uses it says where the call is made.
    private static EngineRuntime? Local(EngineRuntime from)
    {
        var local = (RuntimeContext.Current as Activation)?.Runtime ?? from;
        return local.Accepts ? local : null;
    }
}
