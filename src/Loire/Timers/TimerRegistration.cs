using Loire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Loire.Timers;

/// <summary>Registers who has durable timers.</summary>
public static class TimerRegistration
{
    /// <summary>Wakes the instances that a view has documents of, each when its document says.</summary>
    public static LoireBuilder AddWakeUps(this LoireBuilder loire, Func<IServiceProvider, WakeUpSource> source)
    {
        loire.Services.AddSingleton(source);
        loire.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TimerKeeper>());
        loire.Services.AddOptions<TimerOptions>()
            .Validate(
                o => o.Poll >= TimeSpan.FromMilliseconds(10) && o.Poll <= TimeSpan.FromMinutes(1),
                "Timers:Poll must be 10 ms to 1 minute.")
            .Validate(o => o.MaxConcurrency is >= 1 and <= 10_000, "Timers:MaxConcurrency must be 1 to 10000.")
            .Validate(o => o.WakeTimeout > TimeSpan.Zero, "Timers:WakeTimeout must be more than zero.")
            .Validate(o => o.RetryDelay > TimeSpan.Zero, "Timers:RetryDelay must be more than zero.")
            .Validate(o => o.MaxRetryDelay >= o.RetryDelay, "Timers:MaxRetryDelay must not be less than RetryDelay.")
            .ValidateOnStart();
        return loire;
    }
}
