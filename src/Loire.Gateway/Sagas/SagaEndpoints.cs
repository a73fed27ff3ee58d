using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Sagas;

internal static class SagaEndpoints
{
    public static void MapSagas(this RouteGroupBuilder api)
    {
        api.MapGet("/sagas", SagaReading.List);
        api.MapGet("/sagas/counts", SagaCounts.Get);
        api.MapGet("/sagas/{id}", SagaReading.Get);
        api.MapPost("/sagas/{type}/{id}/start", SagaControl.Start);
        api.MapPost("/sagas/{id}/compensate", SagaControl.Compensate);
        api.MapPost("/sagas/{id}/steps/{step}/completed", SagaSteps.Completed);
        api.MapPost("/sagas/{id}/steps/{step}/failed", SagaSteps.Failed);
        api.MapPost("/sagas/{id}/steps/{step}/retry", SagaSteps.Retry);
        api.MapPost("/sagas/{id}/steps/{step}/skip", SagaSteps.Skip);
    }
}
