using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Loire.Inbox;

internal static class InboxRegistration
{
    public static void Add(IServiceCollection services, string consumer, Action<InboxOptions>? configure)
    {
        if (consumer.Length is < 1 or > 80 || !consumer.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new ArgumentException($"A consumer's name is kebab-case of 1 to 80 characters, which '{consumer}' is not.", nameof(consumer));
        }

        if (services.All(s => s.ServiceType != typeof(IInbox)))
        {
            services.AddSingleton<IdempotentInbox>();
            services.AddSingleton<IInbox>(sp => sp.GetRequiredService<IdempotentInbox>());
            services.AddHostedService<InboxCleaner>();
        }

        var name = $"inbox:{consumer}";
        services.AddOptions<InboxOptions>(name)
            .Configure(configure ?? (_ => { }))
            .Validate(o => o.Window is null || o.Window >= TimeSpan.FromMinutes(1), $"Window of {consumer} must be a minute or more.")
            .Validate(
                o => o.TimeLimit > TimeSpan.Zero && o.TimeLimit <= TimeSpan.FromMinutes(10),
                $"TimeLimit of {consumer} must be more than zero and at most 10 minutes.")
            .Validate(o => o.MaxWaiting >= 1, $"MaxWaiting of {consumer} must be 1 or more.")
            .Validate(o => o.MaxAttempts >= 1, $"MaxAttempts of {consumer} must be 1 or more.")
            .ValidateOnStart();
        services.AddSingleton(sp => new InboxConsumer(consumer, sp.GetRequiredService<IOptionsMonitor<InboxOptions>>().Get(name)));
    }
}
