using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Loire.Queries;

/// <summary>Makes the queries when the host starts, so that what is wrong with them is told then and not when somebody asks.</summary>
internal sealed class QueryCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(services.GetRequiredService<QueryRegistry>());

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
