using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>What happens in a cluster because a test wants it to.</summary>
public sealed partial class LoireTestCluster
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // What a silo that dies was asked from outside is never answered: on Orleans such a call fails after half a minute. Longer
    // than whatever is asked patiently takes when all is well, waits of a slice included.
    private static readonly TimeSpan OneCall = TimeSpan.FromSeconds(5);

    /// <summary>Sends a command once.</summary>
    /// <param name="aggregate">Type of the aggregate.</param>
    /// <param name="id">Its id.</param>
    /// <param name="command">The command.</param>
    /// <param name="key">Its idempotency key, if it has one.</param>
    /// <param name="expectedVersion">The version that the aggregate must have, if that matters.</param>
    /// <exception cref="SpecificationException">There was no answer within the limit.</exception>
    public async Task<CommandResult> Send(string aggregate, string id, object command, string? key = null, long? expectedVersion = null)
    {
        var sending = Grains.GetGrain<IAggregateGrain>(GrainId.Create(aggregate, id)).Execute(new CommandMessage(
            CommandCodec.NameOf(command),
            CommandCodec.Encode(command),
            new CommandHeaders
            {
                CommandId = Guid.NewGuid(),
                IssuedAt = _options.Time.GetUtcNow(),
                IdempotencyKey = key,
                ExpectedVersion = expectedVersion,
                CorrelationId = $"test-{id}",
            }));
        await Within(Limit, sending, $"{Named.Of(command).Name} to {aggregate}/{id} was not answered.");
        return await sending;
    }

    /// <summary>Sends a command once, and insists that it is accepted.</summary>
    /// <exception cref="SpecificationException">It is not accepted, or not within the limit.</exception>
    public async Task<CommandReceipt> Accepted(string aggregate, string id, object command, string? key = null) =>
        Receipt(aggregate, id, command, await Send(aggregate, id, command, key));

    /// <summary>
    /// Sends a command under a key until it is known what became of it, as a careful client does, and insists that it is
    /// accepted. For clusters whose silos come and go.
    /// </summary>
    /// <exception cref="SpecificationException">It is not accepted, or not within the limit.</exception>
    public async Task<CommandReceipt> AcceptedInTheEnd(string aggregate, string id, object command, string key)
    {
        var result = await Patiently(
            async () => await Send(aggregate, id, command, key) is var sent && sent is CommandResult.InFlight or CommandResult.StoreUnavailable
                ? throw new TimeoutException($"Not yet: {sent}")
                : sent,
            $"{Named.Of(command).Name} to {aggregate}/{id} was not answered.");
        return Receipt(aggregate, id, command, result);
    }

    /// <summary>Appends events that have happened, past the grain and its rules.</summary>
    /// <returns>The position of the last of them.</returns>
    /// <exception cref="SpecificationException">Somebody else has appended to the stream at the same time.</exception>
    public async Task<long> Given(string aggregate, string id, params IReadOnlyList<object> events)
    {
        var stream = new StreamName(aggregate, id);
        var codec = _registered.Events.Codec(aggregate);
        var version = (await _store.Log.ReadStream(stream, long.MaxValue, limit: 1, ReadDirection.Backwards)).Version;
        NewEvent[] encoded = [.. events.Select(e => codec.Encode(e, _options.Time.GetUtcNow(), EventMetadata.None))];
        return await _store.Log.Append(new AppendRequest(stream, version, encoded)) is AppendResult.Appended appended
            ? appended.Receipt.Position
            : throw new SpecificationException($"{stream} was moved by somebody else while events were given to it.");
    }

    private static CommandReceipt Receipt(string aggregate, string id, object command, CommandResult result) =>
        result is CommandResult.Accepted accepted
            ? accepted.Receipt
            : throw new Report("The command is not accepted.")
                .With("when", $"{aggregate}/{id}: {Named.Of(command)}")
                .With("got", result)
                .ToException();

    /// <summary>
    /// Calls again where a silo that has ended, a cluster that has not yet found out, or a store that is away stands in the way,
    /// and where there is no answer within 5 seconds.
    /// </summary>
    /// <param name="call">What may be done several times, also when the call before it has not ended.</param>
    /// <exception cref="SpecificationException">No call succeeded within the limit.</exception>
    public Task<T> Patiently<T>(Func<Task<T>> call) => Patiently(call, "No call succeeded.");

    private async Task<T> Patiently<T>(Func<Task<T>> call, string otherwise)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                return await call().WaitAsync(OneCall, limit.Token);
            }
            catch (Exception e) when (limit.IsCancellationRequested)
            {
                throw new SpecificationException($"{otherwise} It was waited for {Limit}.", e);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
            {
                await Task.Delay(Pause);
            }
        }
    }
}
