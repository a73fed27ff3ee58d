using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Gateway.Commands;

internal static class CommandEndpoints
{
    // A bare request delegate: nothing is bound by reflection on the hot path.
    public static void MapCommands(this RouteGroupBuilder api) =>
        api.MapPost(
            "/{aggregate}/{id}/{command}",
            (RequestDelegate)((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<CommandHandler>().Handle);
}
