using Loire.Commands;
using Loire.EventLog;

namespace Loire.Simulation.Workload;

/// <summary>What callers asked for and were told.</summary>
internal sealed class History(IEventLog log)
{
    private readonly Dictionary<StreamName, long> _known = [];
    private int _lastId;

    public List<Operation> Operations { get; } = [];

    /// <summary>What was found to be wrong already while the callers ran.</summary>
    public List<string> Violations { get; } = [];

    public Operation Begin(StreamName stream, object command, string? key)
    {
        var operation = new Operation(stream, command, key, new Guid(++_lastId, 0, 0, new byte[8]))
        {
            KnownVersion = _known.GetValueOrDefault(stream),
        };
        Operations.Add(operation);
        return operation;
    }

    public async Task End(Operation operation, CommandResult? answer)
    {
        operation.Answer = answer;
        operation.VersionAtAnswer = (await log.ReadStream(operation.Stream, long.MaxValue, 1, ReadDirection.Backwards)).Version;
        if (answer is CommandResult.Accepted accepted)
        {
            _known[operation.Stream] = Math.Max(_known.GetValueOrDefault(operation.Stream), accepted.Receipt.Version);
        }
    }
}
