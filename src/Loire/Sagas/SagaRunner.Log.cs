using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>What a saga's runner says in the log.</summary>
internal sealed partial class SagaRunner
{
    private void LogNote(SagaEvent e, SagaState state)
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

    [LoggerMessage(LogLevel.Error, "{Saga} {Id} is stuck at {Step}: {Code}, {Reason}; it is tried again at {RetryAt}")]
    private partial void LogStuck(string saga, string id, string step, string code, string reason, DateTimeOffset retryAt);

    [LoggerMessage(LogLevel.Error, "{Saga} {Id} cannot undo {Step}, which is left to be done by hand: {Work}")]
    private partial void LogOpen(string saga, string id, string step, string work);
}
