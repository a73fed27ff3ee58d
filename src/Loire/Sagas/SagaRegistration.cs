using Loire.Aggregates;
using Loire.DeadLetters;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Metrics;
using Loire.Serialization;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Loire.Sagas;

internal static class SagaRegistration
{
    public static void Add<TGrain, TSaga>(LoireBuilder loire, Action<FailurePolicy>? failures)
        where TGrain : SagaGrain<TSaga>
        where TSaga : Saga
    {
        var type = AggregateDefinition.NameOf(typeof(TGrain));
        var services = loire.Services;
        if (services.All(s => s.ServiceType != typeof(SagasView)))
        {
            loire.AddProjection<SagasView>();
            loire.AddWakeUps(sp => new WakeUpSource(sp.GetRequiredService<SagasView>().View, TargetOf));
            services.AddSingleton<SagaMetrics>();
            services.AddHostedService<SagaGauges>();
        }

        services.TryAddSingleton<SagaRegistry>();
        AddVersion<TSaga>(loire);
        services.AddSingleton(_ => new EventCodec(type, typeof(SagaEvent)));
        services.AddSingleton(sp => SagaTrigger.Subscribe(
            sp.GetRequiredService<SagaRegistry>().Newest(sp.GetRequiredService<TSaga>(), type), sp)
            with { Failures = FailurePolicies.Of(sp, failures) });
    }

    public static void AddVersion<TSaga>(LoireBuilder loire)
        where TSaga : Saga
    {
        loire.Services.AddSingleton<TSaga>();
        loire.Services.AddSingleton<Saga>(sp => sp.GetRequiredService<TSaga>());
    }

    private static GrainId TargetOf(ViewDocument document)
    {
        var colon = document.Id.IndexOf(':', StringComparison.Ordinal);
        return GrainId.Create(document.Id[..colon], document.Id[(colon + 1)..]);
    }
}
