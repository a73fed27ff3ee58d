using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Loire.DeadLetters;

internal static class FailurePolicies
{
    /// <summary>A policy of one's own, which begins as the one that is common to all; <see langword="null"/> where nothing differs.</summary>
    public static FailurePolicy? Of(IServiceProvider services, Action<FailurePolicy>? configure)
    {
        if (configure is null)
        {
            return null;
        }

        var policy = services.GetRequiredService<IOptions<SubscriptionOptions>>().Value.Failures with { };
        configure(policy);
        return policy;
    }
}

/// <summary>Refuses a common policy that cannot be.</summary>
internal sealed class FailurePolicyCheck : IValidateOptions<SubscriptionOptions>
{
    public ValidateOptionsResult Validate(string? name, SubscriptionOptions options) => options.Failures.Complaint is { } complaint
        ? ValidateOptionsResult.Fail($"Subscriptions:Failures:{complaint}.")
        : ValidateOptionsResult.Success;
}
