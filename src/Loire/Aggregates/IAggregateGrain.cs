using Loire.Commands;
using Orleans.Concurrency;

namespace Loire.Aggregates;

/// <summary>The command side of one aggregate. Its grain type is the aggregate type, its key the aggregate id.</summary>
[Alias("loire.aggregate")]
public interface IAggregateGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides a command and appends what follows. The answer comes when the events are on disk. Commands interleave: the
    /// next one is decided on the state that the one before it will leave, while that one is being written.
    /// </summary>
    [AlwaysInterleave]
    [Alias("execute")]
    Task<CommandResult> Execute(CommandMessage command);
}
