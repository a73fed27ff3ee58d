using Loire.EventLog;

namespace Loire.Processes;

/// <summary>One instance of a process. Its grain type is the process's type, its key the instance's id.</summary>
[Alias("loire.process")]
public interface IProcessGrain : IGrainWithStringKey
{
    /// <summary>
    /// Hands an event to the process, and answers when what follows from it is on disk. An event that it has handled before
    /// changes nothing.
    /// </summary>
    /// <exception cref="UnexpectedEventException">The process declares that it is to be parked.</exception>
    [Alias("handle")]
    Task Handle(ProcessDelivery delivery);
}

/// <summary>An event on its way to a process.</summary>
[GenerateSerializer, Immutable, Alias("loire.process-delivery")]
public sealed record ProcessDelivery([property: Id(0)] RecordedEvent Event);
