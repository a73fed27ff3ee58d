using Loire.Commands;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Loire.Reactors;

internal static class ReactorRegistration
{
    public static void Add<TReactor>(IServiceCollection services, Action<ReactorOptions>? configure)
        where TReactor : Reactor
    {
        var name = typeof(TReactor).FullName!;
        services.AddOptions<ReactorOptions>(name)
            .Configure(configure ?? (_ => { }))
            .Validate(o => Enum.IsDefined(o.StartFrom), $"StartFrom of {name} must be Beginning or End.")
            .Validate(o => o.MaxConcurrency is >= 1 and <= 1000, $"MaxConcurrency of {name} must be 1 to 1000.")
            .Validate(
                o => o.TimeLimit > TimeSpan.Zero && o.TimeLimit <= TimeSpan.FromMinutes(10),
                $"TimeLimit of {name} must be more than zero and at most 10 minutes.")
            .Validate(o => o.Partitions is >= 1 and <= StreamName.Partitions, $"Partitions of {name} must be 1 to {StreamName.Partitions}.")
            .Validate(o => o.BatchSize is >= 1 and <= 10_000, $"BatchSize of {name} must be 1 to 10000.")
            .ValidateOnStart();
        services.AddSingleton<TReactor>();
        services.AddSingleton(sp =>
        {
            var options = sp.GetRequiredService<IOptionsMonitor<ReactorOptions>>().Get(name);
            return ReactorHandler.Subscribe(
                sp.GetRequiredService<TReactor>(),
                options,
                sp.GetRequiredService<EventCatalog>(),
                sp.GetRequiredService<CommandSender>(),
                sp.GetRequiredService<TimeProvider>(),
                sp.GetRequiredService<HostStop>())
                with { Failures = FailurePolicies.Of(sp, options.Failures) };
        });
    }
}
