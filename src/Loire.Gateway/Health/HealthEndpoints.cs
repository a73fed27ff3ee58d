using Loire.Gateway.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/alive", (RequestDelegate)Alive);
        app.MapGet("/health", Health);
    }

    private static Task Alive(HttpContext http) => JsonAnswer.WriteRaw(http, StatusCodes.Status200OK, """{"status":"alive"}"""u8.ToArray());

    private static async Task Health(HttpContext http, HealthProbe probe)
    {
        var checks = await probe.Check(http.RequestAborted);
        var healthy = checks.All(c => c.Healthy);
        await JsonAnswer.Write(
            http,
            healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            checks,
            static (writer, all) =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", HealthCheck.StatusOf(all));
                writer.WriteStartObject("checks");
                foreach (var check in all)
                {
                    check.Write(writer);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            });
    }
}
