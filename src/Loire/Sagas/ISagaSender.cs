namespace Loire.Sagas;

/// <summary>Sends the commands of one saga. A purpose is step, direction and number, and unique within the saga.</summary>
internal interface ISagaSender
{
    /// <returns>Why it failed; <see langword="null"/> when it was accepted.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">It has to be sent again.</exception>
    Task<CommandFailure?> Send(SagaCommand command, string purpose);

    /// <summary>Sees to it that a command which has not taken effect yet never will, whoever sends it.</summary>
    /// <returns>Whether it has taken effect.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">It has to be done again.</exception>
    Task<bool> Withdraw(SagaCommand command, string purpose);
}

/// <summary>Why a command of a saga has failed.</summary>
/// <param name="Code">Of the rejection, or the name of the event that counts as a failure.</param>
/// <param name="Detail">For people.</param>
/// <param name="WasAccepted">It was accepted, and what followed counts as a failure: its key is used up.</param>
internal sealed record CommandFailure(string Code, string Detail, bool WasAccepted = false);
