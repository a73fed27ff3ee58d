using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>What one saga says in the log.</summary>
internal sealed partial class SagaLog(string id, ILogger logger)
{
    /// <summary>Says of an event what somebody may have to look at.</summary>
    public void Recorded(SagaEvent e, SagaState state)
    {
        if (e is SagaEvent.StepStuck stuck)
        {
            LogStuck(state.SagaType, id, stuck.Step, stuck.Code, stuck.Reason, stuck.RetryAt);
        }
        else if (e is SagaEvent.CompensationFailed failed)
        {
            LogOpen(state.SagaType, id, failed.Step, string.Join("; ", failed.Open.Select(o => $"{o.Command}: {o.Error}")));
        }
    }

    [LoggerMessage("{Saga} {Id} could not go on at {Step}; next attempt in {Delay}")]
    private partial void LogRetry(LogLevel level, Exception e, string saga, string id, string step, TimeSpan delay);

    /// <summary>Says that something could not be done, and when it is tried again.</summary>
    /// <param name="expected">Because the silo stops, say.</param>
    /// <param name="e">Why.</param>
    /// <param name="saga">The saga's type.</param>
    /// <param name="step">The step that it was done for.</param>
    /// <param name="delay">The time until then.</param>
    public void Failed(bool expected, Exception e, string saga, string step, TimeSpan delay) =>
        LogRetry(expected ? LogLevel.Debug : LogLevel.Warning, e, saga, id, step, delay);

    [LoggerMessage(LogLevel.Error, "{Saga} {Id} is stuck at {Step}: {Code}, {Reason}; it is tried again at {RetryAt}")]
    private partial void LogStuck(string saga, string id, string step, string code, string reason, DateTimeOffset retryAt);

    [LoggerMessage(LogLevel.Error, "{Saga} {Id} cannot undo {Step}, which is left to be done by hand: {Work}")]
    private partial void LogOpen(string saga, string id, string step, string work);
}
