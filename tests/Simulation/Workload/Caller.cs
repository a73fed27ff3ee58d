using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Serialization;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>
/// A careful client: it sends a command under a key until it knows what became of it. Now and then it sends one twice at
/// once, or again when it has the answer, or without a key, once.
/// </summary>
internal sealed class Caller(Simulator simulator, SimulatedCluster cluster, History history)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(31);

    public async Task Send(string aggregate, string id, object command)
    {
        var key = simulator.Random.Chance(0.85) ? $"key-{history.Operations.Count}" : null;
        var operation = history.Begin(new StreamName(aggregate, id), command, key);
        if (key is not null && simulator.Random.Chance(0.15))
        {
            var answers = await Task.WhenAll(UntilAnswered(operation), UntilAnswered(operation));
            await history.End(operation, answers.FirstOrDefault(a => a is CommandResult.Accepted) ?? answers[0]);
            operation.OtherAnswer = answers.LastOrDefault(a => a is CommandResult.Accepted);
            return;
        }

        await history.End(operation, key is null ? await Once(operation) : await UntilAnswered(operation));
        if (key is not null && simulator.Random.Chance(0.04))
        {
            await simulator.Delay(simulator.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3)));
            operation.LateAnswer = await UntilAnswered(operation);
        }
    }

    private async Task<CommandResult> UntilAnswered(Operation operation)
    {
        while (true)
        {
            if (await Once(operation) is { } answer)
            {
                return answer;
            }

            await simulator.Delay(simulator.Random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(3)));
        }
    }

    /// <returns>The answer; <see langword="null"/> if there is none that says what became of it.</returns>
    private async Task<CommandResult?> Once(Operation operation)
    {
        var sent = simulator.Now;
        operation.Attempts++;
        try
        {
            var grain = cluster.Client.GetGrain<IAggregateGrain>(GrainId.Create(operation.Stream.Aggregate, operation.Stream.Id));
            var answer = await grain.Execute(new CommandMessage(
                CommandCodec.NameOf(operation.Command),
                CommandCodec.Encode(operation.Command),
                new CommandHeaders
                {
                    CommandId = operation.CommandId,
                    IssuedAt = simulator.Callers.Time.GetUtcNow(),
                    IdempotencyKey = operation.Key,
                    CorrelationId = operation.Stream.Id,
                }));
            simulator.Trace.Add($"{operation}: {Describe(answer)}");
            return answer is CommandResult.InFlight or CommandResult.StoreUnavailable ? null : answer;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            simulator.Trace.Add($"{operation}: {e.GetType().Name}");
            return null;
        }
        finally
        {
            if (simulator.Now - sent > CallLimit)
            {
                history.Violations.Add($"{operation} took {simulator.Now - sent}");
            }
        }
    }

    private static string Describe(CommandResult answer) => answer switch
    {
        CommandResult.Accepted accepted => $"accepted, version {accepted.Receipt.Version}{(accepted.Replayed ? ", replayed" : "")}",
        CommandResult.Rejected rejected => rejected.Code,
        _ => answer.GetType().Name,
    };
}
