using System.Collections.Concurrent;
using Commerce.Accounts;
using Loire.Reactors;

namespace Loire.Tests.Reactors;

/// <summary>A reactor that notes what it is given, and does what a test says.</summary>
public sealed class Mailer : Reactor
{
    public Mailer(Script script)
        : base("mailer")
    {
        On<AccountEvent.Deposited>((e, delivery) => script.Run(e, delivery));
    }

    public sealed record Note(string DeliveryId, string Account, decimal Amount, int Attempt);

    /// <summary>Outlives the silos of a test.</summary>
    public sealed class Script
    {
        private readonly ConcurrentQueue<Note> _notes = new();

        public Func<AccountEvent.Deposited, Delivery, Task> Does { get; set; } = (_, _) => Task.CompletedTask;

        /// <summary>All attempts, in the order in which they began.</summary>
        public IReadOnlyList<Note> Notes => [.. _notes];

        internal Task Run(AccountEvent.Deposited e, Delivery delivery)
        {
            _notes.Enqueue(new Note(delivery.Id, delivery.Event.AggregateId, e.Amount.Amount, delivery.Attempt));
            return Does(e, delivery);
        }
    }
}
