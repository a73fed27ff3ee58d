using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Processes;

internal static class ProcessEndpoints
{
    public static void MapProcesses(this RouteGroupBuilder api)
    {
        api.MapGet("/processes", ProcessReading.List);
        api.MapGet("/processes/{id}", ProcessReading.Get);
    }
}
