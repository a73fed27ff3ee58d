using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Loire.Engine;

/// <summary>Starts the engine before other services of the host, and stops it after them.</summary>
internal sealed class EngineHost(EngineRuntime runtime, IServiceProvider services) : IHostedService
{
    private readonly List<StartupTask> _tasks = [.. services.GetServices<StartupTask>().OrderBy(t => t.Stage)];
    private readonly List<IEngineService> _engineServices = [.. services.GetServices<IEngineService>()];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.Start();
        foreach (var service in _engineServices)
        {
            await service.Start(cancellationToken);
        }

        foreach (var task in _tasks)
        {
            await task.Run(services, cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _engineServices)
        {
            await service.Stop(cancellationToken);
        }

        try
        {
            await runtime.Stop(cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            runtime.Log.StopIncomplete(exception);
        }
    }
}

/// <summary>A part of the engine that starts before the startup tasks and stops before the grains do.</summary>
internal interface IEngineService
{
    Task Start(CancellationToken cancellationToken);

    Task Stop(CancellationToken cancellationToken);
}

/// <summary>Something to run when grains can be called.</summary>
internal sealed record StartupTask(int Stage, Func<IServiceProvider, CancellationToken, Task> Run);
