using Commerce.Orders;
using Loire.EventLog;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Defects;

/// <summary>After a lost reply, appends again without asking whether the first append had happened.</summary>
internal sealed class BlindRetry(IEventLog log) : LogDecorator(log)
{
    public override async Task<AppendResult> Append(AppendRequest request)
    {
        try
        {
            return await Inner.Append(request);
        }
        catch (StoreUnavailableException e) when (e.OutcomeUnknown)
        {
            var version = (await Inner.ReadStream(request.Stream, long.MaxValue, 1, ReadDirection.Backwards)).Version;
            return await Inner.Append(new AppendRequest(
                request.Stream, version, [.. request.Events.Select(x => x with { EventId = Guid.NewGuid() })]));
        }
    }
}

/// <summary>Acknowledges an append that the store has refused.</summary>
internal sealed class EarlyAcknowledgement(IEventLog log) : LogDecorator(log)
{
    public override async Task<AppendResult> Append(AppendRequest request)
    {
        try
        {
            return await Inner.Append(request);
        }
        catch (StoreUnavailableException e) when (!e.OutcomeUnknown)
        {
            var version = request.ExpectedVersion;
            ReceiptEvent[] events = [.. request.Events.Select(x => new ReceiptEvent(x.EventId, x.Type, ++version))];
            return new AppendResult.Appended(new Receipt(request.Stream, version, Inner.Head, events), Replayed: false);
        }
    }
}

/// <summary>Appends at whatever version the stream has: the last writer wins.</summary>
internal sealed class NoVersionCheck(IEventLog log) : LogDecorator(log)
{
    public override async Task<AppendResult> Append(AppendRequest request)
    {
        while (await Inner.Append(request) is var result)
        {
            if (result is not AppendResult.Conflict conflict)
            {
                return result;
            }

            request = request with { ExpectedVersion = conflict.CurrentVersion, ExpectedEventId = null };
        }

        throw new InvalidOperationException("Not reached: an append has a result.");
    }
}

/// <summary>Forgets idempotency keys.</summary>
internal sealed class NoReceipts(IEventLog log) : LogDecorator(log)
{
    public override Task<AppendResult> Append(AppendRequest request) => Inner.Append(request with { Key = null });
}

/// <summary>Steps over events whose transaction had not been committed when others with greater positions had.</summary>
internal sealed class UncommittedSkipped(IEventLog log, Simulator simulator) : LogDecorator(log)
{
    public override async Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default)
    {
        var page = await Inner.ReadAll(after, filter, limit, cancellation);
        return page.Events.Count > 1 && simulator.Random.Chance(0.1)
            ? page with { Events = [.. page.Events.SkipLast(2), page.Events[^1]] }
            : page;
    }
}

/// <summary>Hides from a process what it has recorded, so that it counts again what is delivered again.</summary>
internal sealed class ForgetfulProcesses(IEventLog log) : LogDecorator(log)
{
    public override async Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default)
    {
        var page = await Inner.ReadStream(stream, from, limit, direction, cancellation);
        return stream.Aggregate == OrderExpiry.Name ? page with { Events = [], Next = null } : page;
    }
}

/// <summary>Reads an order as it was before its last event, as a cache does that is behind.</summary>
internal sealed class StaleReactions(IEventLog log) : LogDecorator(log)
{
    public override async Task<IReadOnlyList<RecordedEvent>> Load(
        StreamName stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        var events = await Inner.Load(stream, afterVersion, cancellation);

        // Grains read theirs without a way to be cancelled.
        return stream.Aggregate == "order" && events.Count > 1 && cancellation.CanBeCanceled ? [.. events.SkipLast(1)] : events;
    }
}
