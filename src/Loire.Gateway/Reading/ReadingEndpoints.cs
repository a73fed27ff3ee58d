using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Reading;

internal static class ReadingEndpoints
{
    public static void MapReading(this RouteGroupBuilder api)
    {
        api.MapGet("/{aggregate}/{id}", AggregateState.Get);
        api.MapGet("/streams/{aggregate}/{id}", Streams.Get);
        api.MapGet("/events", Events.Get);
    }
}
