using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Sagas;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Health;

/// <summary>
/// Says how many sagas need somebody's help. That is no reason to take a silo out of service, so it fails no probe: from
/// <see cref="GatewayOptions.StuckSagas"/> on it is an alert in the answer.
/// </summary>
internal sealed class SagaAlert(ViewRegistry views, ViewReader reader, IOptions<GatewayOptions> options)
{
    public async Task<HealthCheck> Check(CancellationToken cancellation)
    {
        if (!views.TryGet(SagasView.Name, out var view))
        {
            return new HealthCheck("sagas", Healthy: true);
        }

        var (stuck, open) = (await Count(view, "stuck", cancellation), await Count(view, "hasOpenWork", cancellation));
        var alert = stuck + open >= options.Value.StuckSagas;
        return new HealthCheck(
            "sagas",
            Healthy: true,
            alert ? "Sagas need somebody's help: GET /api/sagas?stuck=true and ?hasOpenWork=true say which." : null,
            w =>
            {
                w.WriteBoolean("alert", alert);
                w.WriteNumber("stuck", stuck);
                w.WriteNumber("openWork", open);
            });
    }

    private async Task<long> Count(ViewSchema view, string field, CancellationToken cancellation)
    {
        var query = new ViewQuery { Limit = 1, Conditions = [new ViewCondition(view.Field(field)!, Comparison.Equal, true)] };
        return (await reader.Query(view, query, cancellation)).Total!.Value;
    }
}
