using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Loire.Engine;

internal static partial class EngineLog
{
    [LoggerMessage(1, LogLevel.Critical, "A turn of {Grain} failed outside of the grain's own code")]
    public static partial void TurnFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(2, LogLevel.Error, "{Grain} could not be activated")]
    public static partial void ActivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(3, LogLevel.Error, "{Grain} failed while it was deactivated")]
    public static partial void DeactivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(4, LogLevel.Error, "The interleaving predicate of {Grain} failed; the call waits")]
    public static partial void PredicateFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(5, LogLevel.Error, "A timer of {Grain} failed")]
    public static partial void TimerFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(6, LogLevel.Error, "Reminder {Reminder} of {Grain} failed")]
    public static partial void ReminderFailed(this ILogger log, Exception exception, string reminder, GrainId grain);

    [LoggerMessage(7, LogLevel.Warning, "{Consumer} failed on an item of stream {Stream}; trying again")]
    public static partial void StreamDeliveryFailed(this ILogger log, Exception exception, string consumer, StreamId stream);

    [LoggerMessage(8, LogLevel.Error, "{Consumer} kept failing on an item of stream {Stream}; the item is skipped")]
    public static partial void StreamItemSkipped(this ILogger log, Exception exception, string consumer, StreamId stream);

    [LoggerMessage(9, LogLevel.Warning, "{Consumer} has no observer for stream {Stream}; the item is dropped")]
    public static partial void StreamItemDropped(this ILogger log, string consumer, StreamId stream);

    [LoggerMessage(10, LogLevel.Warning, "Not all grains were deactivated before the host's time to stop was over")]
    public static partial void StopIncomplete(this ILogger log, Exception exception);

    [LoggerMessage(11, LogLevel.Error, "A one-way call of {Method} failed")]
    public static partial void OneWayFailed(this ILogger log, Exception exception, GrainMethod method);

    [LoggerMessage(12, LogLevel.Warning, "Log consistency of {Grain}: {Message}")]
    public static partial void LogConsistency(this ILogger log, Exception? exception, GrainId grain, string message);

    [LoggerMessage(14, LogLevel.Debug, "The host stops before something of {Grain} was done")]
    public static partial void CutOff(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(13, LogLevel.Debug, "The host stops before {Consumer} got an item of stream {Stream}")]
    public static partial void StreamItemLost(this ILogger log, Exception exception, string consumer, StreamId stream);
}
