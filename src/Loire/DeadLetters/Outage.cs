using Loire.EventLog;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>Tells failures that no event is to blame for.</summary>
internal static class Outage
{
    public static bool Explains(Exception failure) => failure switch
    {
        StoreUnavailableException or TimeoutException or OperationCanceledException or OrleansException => true,
        EventFailedException { InnerException: { } inner } => Explains(inner),
        AggregateException several => several.InnerExceptions.Any(Explains),
        _ => false,
    };
}
