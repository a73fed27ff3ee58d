using Loire.Aggregates;
using Loire.DeadLetters;
using Loire.Hosting;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Loire.Processes;

/// <summary>Registers processes.</summary>
public static class ProcessRegistration
{
    /// <summary>Registers a process and the grain class that runs it. Its definition is checked when the silo starts.</summary>
    /// <param name="loire">What the platform runs.</param>
    /// <param name="startFrom">
    /// Where it begins when it is new. Default: <see cref="StartFrom.End"/>, so that a process which is added later sends
    /// nothing because of what happened years ago unless somebody says so.
    /// </param>
    /// <param name="failures">What happens when an event cannot be handled, if not as <see cref="SubscriptionOptions.Failures"/>
    /// says; what a process declares to be parked is parked at once.</param>
    /// <typeparam name="TGrain">Derives from <see cref="ProcessGrain{TProcess}"/>; <c>[GrainType]</c> names the process.</typeparam>
    /// <typeparam name="TProcess">Its definition.</typeparam>
    public static LoireBuilder AddProcess<TGrain, TProcess>(
        this LoireBuilder loire, StartFrom startFrom = StartFrom.End, Action<FailurePolicy>? failures = null)
        where TGrain : ProcessGrain<TProcess>
        where TProcess : ProcessManager
    {
        var services = loire.Services;
        var type = AggregateDefinition.NameOf(typeof(TGrain));
        if (services.All(s => s.ServiceType != typeof(ProcessesView)))
        {
            loire.AddProjection<ProcessesView>();
            loire.AddWakeUps(sp => sp.GetRequiredService<ProcessesView>().WakeUps);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProcessCheck>());
        services.AddSingleton<TProcess>();
        services.AddSingleton<ProcessManager>(sp => sp.GetRequiredService<TProcess>() is var process && process.Type == type
            ? process
            : throw new InvalidOperationException($"The grain type of {typeof(TGrain)} is not '{process.Type}', which {typeof(TProcess)} is called."));
        services.AddSingleton(_ => new EventCodec(type, typeof(ProcessEvent)));
        services.AddSingleton(sp => ProcessTrigger.Subscribe(
            sp.GetRequiredService<TProcess>(), startFrom, sp.GetRequiredService<EventCatalog>(), sp.GetRequiredService<IGrainFactory>())
            with { Failures = FailurePolicies.Of(sp, policy => Configure(policy, failures)) });
        return loire;
    }

    private static void Configure(FailurePolicy policy, Action<FailurePolicy>? failures)
    {
        failures?.Invoke(policy);
        var others = policy.IsRetryable;
        policy.IsRetryable = e => e is not UnexpectedEventException && others(e);
    }
}
