using System.Collections.Concurrent;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Inbox;

/// <summary>The inbox of one consumer on one silo.</summary>
internal sealed class ConsumerInbox
{
    // Messages that need not come one at a time share so many turns to write, so that the store can commit them together.
    private const int Turns = 16;

    private const int CleanedAtOnce = 500;

    private readonly InboxConsumer _consumer;
    private readonly IViewStore _store;
    private readonly TimeProvider _time;
    private readonly InboxFence[] _fences;
    private readonly ConcurrentDictionary<string, Task<InboxRecord?>> _underWay = new(StringComparer.Ordinal);
    private int _waiting;

    public ConsumerInbox(InboxConsumer consumer, IViewStore store, TimeProvider time)
    {
        (_consumer, _store, _time) = (consumer, store, time);
        _fences = [.. Enumerable.Range(0, Turns).Select(i => new InboxFence(consumer.Name, i, store))];
    }

    public async Task<InboxResult> Once(string messageId, Func<CancellationToken, Task<InboxOutcome>> handle, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > _consumer.Options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StoreUnavailableException($"Too many messages to {_consumer.Name} are waiting.");
        }

        try
        {
            await _store.Define(InboxRecord.Schema, cancellation);
            return await OneOfAKind(messageId, handle, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Removes records that have expired, some at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Clean(CancellationToken cancellation)
    {
        await _store.Define(InboxRecord.Schema, cancellation);
        var expired = await Expired(cancellation);
        var all = true;
        foreach (var number in expired.Items.Select(NumberOf).Distinct())
        {
            all &= await _fences[number].InTurn(() => Clean(number, cancellation), cancellation);
        }

        return all && expired.Next is not null;
    }

    // A message that comes again on another silo meanwhile moves the fence, and its new record stays.
    private async Task<bool> Clean(int number, CancellationToken cancellation)
    {
        var writes = await _fences[number].Writes(cancellation);
        var expired = (await Expired(cancellation)).Items.Where(document => NumberOf(document) == number);
        return await _fences[number].Write(writes, [.. expired.Select(document => new DocumentChange.Delete(InboxRecord.Schema, document.Id))]);
    }

    private Task<ViewPage> Expired(CancellationToken cancellation) =>
        _store.Query(InboxRecord.Schema, InboxRecord.Expired(_consumer.Name, _time.GetUtcNow(), CleanedAtOnce), cancellation);

    /// <summary>Of those that bring the same message at the same time one handles it; the others wait for what comes of that.</summary>
    private async Task<InboxResult> OneOfAKind(
        string messageId, Func<CancellationToken, Task<InboxOutcome>> handle, CancellationToken cancellation)
    {
        while (true)
        {
            var mine = new TaskCompletionSource<InboxRecord?>(TaskCreationOptions.RunContinuationsAsynchronously);
            var running = _underWay.GetOrAdd(messageId, mine.Task);
            if (running != mine.Task)
            {
                if (await running.WaitAsync(cancellation) is { } record)
                {
                    return Repeated(record);
                }

                // The other one has failed and told its own caller.
                continue;
            }

            InboxRecord? handled = null;
            try
            {
                (handled, var result) = await Handle(messageId, handle, cancellation);
                return result;
            }
            finally
            {
                _underWay.TryRemove(messageId, out _);
                mine.SetResult(handled);
            }
        }
    }

    private async Task<(InboxRecord Record, InboxResult Result)> Handle(
        string messageId, Func<CancellationToken, Task<InboxOutcome>> handle, CancellationToken cancellation)
    {
        if (await Find(messageId, cancellation) is { } earlier)
        {
            return (earlier, Repeated(earlier));
        }

        var outcome = _consumer.Options.OneAtATime ? null : await Limited(handle, cancellation);
        var fence = _fences[NumberOf(messageId)];
        return await fence.InTurn(() => Write(fence, messageId, outcome, handle, cancellation), cancellation);
    }

    private async Task<(InboxRecord Record, InboxResult Result)> Write(
        InboxFence fence,
        string messageId,
        InboxOutcome? known,
        Func<CancellationToken, Task<InboxOutcome>> handle,
        CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= _consumer.Options.MaxAttempts; attempt++)
        {
            var writes = await fence.Writes(cancellation);
            if (await Find(messageId, cancellation) is { } earlier)
            {
                return (earlier, Repeated(earlier));
            }

            var outcome = known ?? await Limited(handle, cancellation);
            var now = _time.GetUtcNow();
            var record = new InboxRecord(_consumer.Name, messageId, now, now + _consumer.Options.Window, outcome.Answer);
            if (await fence.Write(writes, [.. outcome.Changes, record.Put()]))
            {
                return (record, new InboxResult.Handled(outcome.Answer));
            }
        }

        throw new StoreUnavailableException($"Other silos kept getting ahead with messages to {_consumer.Name}.");
    }

    private async Task<InboxRecord?> Find(string messageId, CancellationToken cancellation)
    {
        var document = await _store.Find(InboxRecord.Schema, InboxRecord.IdOf(_consumer.Name, messageId), cancellation);
        var record = document is null ? null : InboxRecord.Read(document);
        return record?.ExpiresAt <= _time.GetUtcNow() ? null : record;
    }

    private async Task<InboxOutcome> Limited(Func<CancellationToken, Task<InboxOutcome>> handle, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_consumer.Options.TimeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await handle(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{_consumer.Name} did not handle a message within {_consumer.Options.TimeLimit}.", e);
        }
    }

    private int NumberOf(ViewDocument record) => NumberOf(InboxRecord.Read(record).MessageId);

    private int NumberOf(string messageId) =>
        _consumer.Options.OneAtATime ? 0 : new StreamName(_consumer.Name, messageId).Partition % Turns;

    private static InboxResult Repeated(InboxRecord record) => new InboxResult.Repeated(record.Answer, record.HandledAt);
}
