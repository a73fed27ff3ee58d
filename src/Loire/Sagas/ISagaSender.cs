using Loire.Aggregates;

namespace Loire.Sagas;

/// <summary>Sends the commands of one saga. A purpose is step, direction and number, and unique within the saga.</summary>
internal interface ISagaSender
{
    /// <returns>Why it was rejected; <see langword="null"/> when it was accepted.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">It has to be sent again.</exception>
    Task<Rejection?> Send(SagaCommand command, string purpose);

    /// <summary>Sees to it that a command which has not taken effect yet never will, whoever sends it.</summary>
    /// <returns>Whether it has taken effect.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">It has to be done again.</exception>
    Task<bool> Withdraw(SagaCommand command, string purpose);
}
