using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Gateway.Metrics;

/// <summary><c>GET /metrics</c>.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        // It counts from now on, not from when somebody first asks.
        app.ServiceProvider.GetRequiredService<MetricRecorder>();
        app.MapGet("/metrics", Get);
    }

    private static Task Get(HttpContext http, MetricRecorder recorder)
    {
        http.Response.ContentType = PrometheusText.ContentType;
        return http.Response.WriteAsync(recorder.Read(PrometheusText.Write), Encoding.UTF8, http.RequestAborted);
    }
}
