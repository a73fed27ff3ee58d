using System.Collections.Frozen;
using Loire.EventLog.Views;

namespace Loire.Inbox;

/// <inheritdoc cref="IInbox"/>
internal sealed class IdempotentInbox : IInbox
{
    private const int MaxMessageId = 1_000;

    private readonly FrozenDictionary<string, ConsumerInbox> _consumers;

    public IdempotentInbox(IEnumerable<InboxConsumer> consumers, IViewStore store, TimeProvider time) =>
        _consumers = consumers.ToDictionary(c => c.Name, c => new ConsumerInbox(c, store, time)).ToFrozenDictionary();

    public IEnumerable<ConsumerInbox> Consumers => _consumers.Values;

    public Task<InboxResult> Once(
        string consumer, string messageId, Func<CancellationToken, Task<InboxOutcome>> handle, CancellationToken cancellation = default)
    {
        if (!_consumers.TryGetValue(consumer, out var inbox))
        {
            throw new ArgumentException($"No consumer '{consumer}' is registered. There are: {string.Join(", ", _consumers.Keys.Order())}.", nameof(consumer));
        }

        if (messageId.Length is < 1 or > MaxMessageId)
        {
            throw new ArgumentException($"A message id has 1 to {MaxMessageId} characters.", nameof(messageId));
        }

        return inbox.Once(messageId, handle, cancellation);
    }
}
