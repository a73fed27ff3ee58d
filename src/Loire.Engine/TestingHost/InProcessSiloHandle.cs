using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>A silo in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private int _ended;

    /// <summary>Its host.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>Its services.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc />
    public override bool IsActive => Volatile.Read(ref _ended) == 0;

    /// <inheritdoc />
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (stopGracefully)
        {
            await StopSiloAsync(CancellationToken.None);
        }
        else if (End())
        {
            // First the silo is dead to all others; then what goes on in its host ends, without the time to end well.
            ServiceProvider.GetRequiredService<EngineRuntime>().Kill();
            await StopHost(new CancellationToken(canceled: true));
        }
    }

    /// <inheritdoc />
    public override Task StopSiloAsync(CancellationToken ct) => End() ? StopHost(ct) : Task.CompletedTask;

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopSiloAsync(CancellationToken.None);
    }

    private bool End() => Interlocked.Exchange(ref _ended, 1) == 0;

    private async Task StopHost(CancellationToken cancellationToken)
    {
        try
        {
            await SiloHost.StopAsync(cancellationToken);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && IsCancellation(exception))
        {
            // That is what was asked for.
        }
        finally
        {
            await ((IAsyncDisposable)SiloHost).DisposeAsync();
        }
    }

    private static bool IsCancellation(Exception exception) => exception is AggregateException several
        ? several.InnerExceptions.All(IsCancellation)
        : exception is OperationCanceledException;
}
