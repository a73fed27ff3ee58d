using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Commands;

/// <summary>Takes a command from its request to its aggregate, and the outcome back.</summary>
internal sealed class CommandHandler(
    AggregateRegistry aggregates, IGrainFactory grains, IEventLog log, TimeProvider time, IOptions<GatewayOptions> options)
{
    private readonly GatewayOptions _options = options.Value;
    private int _inFlight;

    public async Task Handle(HttpContext http)
    {
        try
        {
            await (Interlocked.Increment(ref _inFlight) <= _options.MaxCommandsInFlight
                ? Execute(http)
                : KnownProblems.TooManyRequests().ExecuteAsync(http));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task Execute(HttpContext http)
    {
        var (aggregate, name) = (http.Name("aggregate"), http.Name("command"));
        if (!aggregates.TryGet(aggregate, out var definition))
        {
            await KnownProblems.UnknownAggregate(aggregate, aggregates.Names).ExecuteAsync(http);
            return;
        }

        if (!definition.Commands.Names.Contains(name))
        {
            await KnownProblems.UnknownCommand(aggregate, name, definition.Commands.Names).ExecuteAsync(http);
            return;
        }

        var id = http.Id();
        var (headers, mustExist) = CommandHeaderReader.Read(http, time.GetUtcNow());
        var payload = await JsonBody.Read(http.Request, _options.MaxBodyBytes);
        if (mustExist && !await Exists(new StreamName(aggregate, id), http.RequestAborted))
        {
            await CommandAnswer.Write(http, aggregate, new CommandResult.VersionMismatch(0));
            return;
        }

        var grain = grains.GetGrain<IAggregateGrain>(GrainId.Create(aggregate, id));
        await CommandAnswer.Write(http, aggregate, await grain.Execute(new CommandMessage(name, payload, headers)));
    }

    // What exists once exists for ever, so this cannot be outdated when the command is decided.
    private async Task<bool> Exists(StreamName stream, CancellationToken cancellation) =>
        (await log.ReadStream(stream, from: 1, limit: 1, ReadDirection.Forwards, cancellation)).Version > 0;
}
