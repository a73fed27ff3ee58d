using Microsoft.Extensions.Hosting;

namespace Loire.Engine;

/// <summary>Starts and stops what a host needs that calls grains and has none.</summary>
internal sealed class ClientHost(EngineRuntime runtime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.StartClient();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        runtime.Retire();
        return Task.CompletedTask;
    }
}
