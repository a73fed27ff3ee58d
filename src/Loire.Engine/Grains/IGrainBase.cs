using Orleans.Runtime;

namespace Orleans;

/// <summary>The least that a grain class has to be.</summary>
public interface IGrainBase
{
    /// <summary>The activation that the grain lives in.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call. A failure fails the calls that wait, and the next call tries again.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last call, in a limited time.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
