using Microsoft.Extensions.Hosting;

namespace Loire.Hosting;

/// <summary>Tells what failed by itself from what the stop of the host has cut off, which is nothing to be alarmed about.</summary>
internal sealed class HostStop(IHostApplicationLifetime lifetime)
{
    /// <summary>Cancelled when the host begins to stop.</summary>
    public CancellationToken Token => lifetime.ApplicationStopping;

    /// <summary>Whether a call was refused, or a wait was ended, because the host stops.</summary>
    public bool Explains(Exception failure) =>
        lifetime.ApplicationStopping.IsCancellationRequested && failure is (OperationCanceledException or OrleansException);
}
