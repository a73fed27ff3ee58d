using Loire.Commands;
using Loire.Simulation.Workload;

namespace Loire.Simulation.Checks;

/// <summary>
/// What callers were told is true: an accepted command is in the log exactly once, and every answer is the one that the
/// rules give on a state which the aggregate had between the question and the answer (linearizability).
/// </summary>
internal static class AnswerChecks
{
    public static IEnumerable<string> Run(Facts facts, History history) =>
        history.Operations.SelectMany(operation => Run(facts, operation).Select(violation => $"{operation}: {violation}"));

    private static IEnumerable<string> Run(Facts facts, Operation operation)
    {
        var stream = facts.Stream(operation.Stream);
        var caused = stream.Where(e => e.Metadata.CausationId == operation.CommandId.ToString()).ToList();
        if (caused.Count > 1 && caused[^1].Version - caused[0].Version != caused.Count - 1)
        {
            yield return $"its events are not one append: versions {string.Join(' ', caused.Select(e => e.Version))}";
        }

        var replay = new Replay(facts, operation);
        if (caused.Count > 0 && !replay.IsAccepted(caused[0].Version - 1, caused.Select(e => e.Type)))
        {
            yield return $"the rules do not give {string.Join(' ', caused.Select(e => e.Type))} at version {caused[0].Version - 1}";
        }

        switch (operation.Answer)
        {
            case CommandResult.Accepted accepted:
                if (!accepted.Receipt.Events.Select(e => e.EventId).SequenceEqual(caused.Select(e => e.EventId)))
                {
                    yield return $"accepted with {accepted.Receipt.Events.Length} events, and the log has {caused.Count}";
                }
                else if (caused.Count == 0 && !replay.Versions.Any(v => replay.IsAccepted(v, [])))
                {
                    yield return "accepted without an event, where no state allows it";
                }
                else if (caused.Count > 0 && caused[0].Version <= operation.KnownVersion)
                {
                    yield return $"took effect at version {caused[0].Version}, though {operation.KnownVersion} had been told before it was sent";
                }

                break;
            case CommandResult.Rejected rejected:
                // An attempt that was under way for long may be accepted after another was rejected: a rejection leaves no receipt.
                if (caused.Count > 0 && operation.Attempts == 1)
                {
                    yield return $"rejected ({rejected.Code}), though it is in the log";
                }
                else if (!replay.Versions.Any(v => replay.IsRejected(v, rejected.Code)))
                {
                    yield return $"rejected ({rejected.Code}) at versions {operation.KnownVersion} to {operation.VersionAtAnswer}, where the rules do not";
                }

                break;
            case null:
                break;
            case var unexpected:
                yield return $"answered with {unexpected}";
                break;
        }

        if (operation is { Answer: CommandResult.Accepted first, OtherAnswer: CommandResult.Accepted other }
            && !first.Receipt.Events.SequenceEqual(other.Receipt.Events))
        {
            yield return "sent twice at once, and accepted twice";
        }

        switch (operation)
        {
            case { Answer: CommandResult.Accepted then, LateAnswer: CommandResult.Accepted now }
                when !then.Receipt.Events.SequenceEqual(now.Receipt.Events):
                yield return "a repetition was accepted once more";
                break;
            case { Answer: CommandResult.Accepted, LateAnswer: not (null or CommandResult.Accepted) }:
                yield return $"a repetition of the accepted command was answered with {operation.LateAnswer.GetType().Name}";
                break;
        }
    }
}
