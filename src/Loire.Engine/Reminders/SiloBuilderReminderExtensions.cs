using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Adds reminders.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Adds reminders on the <see cref="IReminderTable"/> that is among the services.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        builder.Services.AddReminders();
        return builder;
    }

    /// <summary>Adds reminders on the <see cref="IReminderTable"/> that is among the services.</summary>
    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ReminderService)))
        {
            return;
        }

        services.AddSingleton<ReminderService>();
        services.AddSingleton<IReminderRegistry>(s => s.GetRequiredService<ReminderService>());
        services.AddSingleton<IEngineService>(s => s.GetRequiredService<ReminderService>());
    }
}

/// <summary>Adds reminders in memory.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Keeps reminders as long as the host or its cluster lasts.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton<IReminderTable>(static services =>
            services.GetService<ClusterSeat>()?.Cluster.Share(typeof(InMemoryReminderTable), static () => new InMemoryReminderTable())
            ?? new InMemoryReminderTable());
        return builder.AddReminders();
    }
}
