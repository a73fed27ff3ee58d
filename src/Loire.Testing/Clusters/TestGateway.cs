using Loire.Gateway;
using Loire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Testing;

/// <summary>
/// The HTTP API in front of a test cluster, on a free port of this machine. It is a client of the cluster, so it outlives
/// every silo.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestGateway(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public static async Task<TestGateway> Start(LoireTestCluster cluster, Action<LoireBuilder> loire, LoireTestClusterOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(options.Logging).AddConsole();
        builder.Services.AddSingleton(options.Time);

        // The definitions are those of the silos. What runs by itself runs there and not here.
        new DefinitionsOnly(builder.Services, builder.Configuration).AddLoire(loire);
        builder.Services.RemoveAll<IHostedService>();
        builder.Services.AddSingleton<IGrainFactory>(cluster.Grains);
        builder.Services.AddSingleton(cluster.Grains);
        builder.Services.AddSingleton(cluster.Log);
        builder.Services.AddSingleton(cluster.Views);
        builder.Services.AddSingleton(cluster.Snapshots);
        builder.Services.AddLoireGateway();
        var built = builder.Build();
        built.MapLoire();
        await built.StartAsync();
        return new TestGateway(built);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed record DefinitionsOnly(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
