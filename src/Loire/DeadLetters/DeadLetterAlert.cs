using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <summary>Says in the log, once each time it comes to that, that a partition of a subscription sets aside many events.</summary>
internal sealed partial class DeadLetterAlert(string subscription, SubscriptionOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _minuteBegan = time.GetTimestamp();
    private int _inMinute;
    private bool _many;

    /// <param name="setAside">Events that were set aside now.</param>
    /// <param name="heldBack">Aggregates that are held back by now.</param>
    public void Count(int setAside, int heldBack)
    {
        if (time.GetElapsedTime(_minuteBegan) >= Minute)
        {
            (_minuteBegan, _inMinute) = (time.GetTimestamp(), 0);
        }

        var before = _inMinute;
        _inMinute += setAside;
        if (before < options.DeadLetterAlertPerMinute && _inMinute >= options.DeadLetterAlertPerMinute)
        {
            LogFast(subscription, _inMinute);
        }

        if (heldBack >= options.DeadLetterAlert && !_many)
        {
            LogMany(subscription, heldBack);
        }

        _many = heldBack >= options.DeadLetterAlert;
    }

    [LoggerMessage(LogLevel.Warning, "{Subscription} has set aside {Count} events within a minute")]
    private partial void LogFast(string subscription, int count);

    [LoggerMessage(LogLevel.Warning, "{Subscription} holds back {Count} aggregates because of events that it could not handle")]
    private partial void LogMany(string subscription, int count);
}
