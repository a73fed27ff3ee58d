using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>What a test asks about silos and grains.</summary>
public sealed partial class InProcessTestCluster
{
    /// <summary>The silos that take calls.</summary>
    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => Silos.Where(silo => silo.IsActive);

    /// <summary>The silo with an address, if it has not been stopped.</summary>
    public InProcessSiloHandle? GetSiloForAddress(SiloAddress siloAddress) =>
        Silos.FirstOrDefault(silo => silo.SiloAddress.Equals(siloAddress));

    /// <summary>The services of a silo, or of any.</summary>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) =>
        (silo is null ? Silos.FirstOrDefault() : GetSiloForAddress(silo))?.ServiceProvider
        ?? throw new ArgumentException($"There is no silo {silo}", nameof(silo));

    /// <summary>Completes when all silos know of each other, which in one process they always do.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    /// <summary>The activation of a grain, if it is active.</summary>
    public bool TryGetGrainContext(GrainId grainId, [NotNullWhen(true)] out IGrainContext? grainContext) =>
        (grainContext = _cluster.Directory.Find(grainId)) is not null;

    /// <summary>Deactivates a grain and waits until that is done.</summary>
    public async Task DeactivateAsync(GrainId grainId)
    {
        if (TryGetGrainContext(grainId, out var grain))
        {
            grain.Deactivate(new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "A test asked for it"));
            await grain.Deactivated;
        }
    }

    /// <inheritdoc cref="DeactivateAsync(GrainId)"/>
    public Task DeactivateAsync(IAddressable grain) => DeactivateAsync(grain.GetGrainId());

    /// <summary>Waits until a grain that is active has been deactivated.</summary>
    public Task WaitForDeactivationAsync(GrainId grainId) =>
        TryGetGrainContext(grainId, out var grain) ? grain.Deactivated : Task.CompletedTask;

    /// <inheritdoc cref="WaitForDeactivationAsync(GrainId)"/>
    public Task WaitForDeactivationAsync(IAddressable grain) => WaitForDeactivationAsync(grain.GetGrainId());
}
