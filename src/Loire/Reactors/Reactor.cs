using System.Text.RegularExpressions;

namespace Loire.Reactors;

/// <summary>
/// Does something outside of the log when something has happened in it: writes to a customer, calls a service, sends a command
/// to another aggregate. Each event comes at least once, those of one aggregate in their order, those of different aggregates
/// beside each other. What it throws is a failure of the delivery, which then comes again.
/// </summary>
public abstract partial class Reactor
{
    private readonly Dictionary<Type, Func<object, Delivery, Task>> _handlers = [];

    /// <param name="name">Unique among the subscriptions, kebab-case, up to 100 characters; checkpoints and delivery ids are kept
    /// under it, so it stays what it is.</param>
    protected Reactor(string name)
    {
        if (!KebabCase().IsMatch(name))
        {
            throw new ArgumentException($"A reactor's name is kebab-case of 1 to 100 characters, which '{name}' is not.", nameof(name));
        }

        Name = name;
    }

    public string Name { get; }

    internal IReadOnlyCollection<Type> EventTypes => _handlers.Keys;

    internal Task Handle(object @event, Delivery delivery) => _handlers[@event.GetType()](@event, delivery);

    /// <summary>Says what is done when an event has happened.</summary>
    /// <exception cref="InvalidOperationException">The event has a handler already.</exception>
    protected void On<TEvent>(Func<TEvent, Delivery, Task> handler)
        where TEvent : class
    {
        if (!_handlers.TryAdd(typeof(TEvent), (e, delivery) => handler((TEvent)e, delivery)))
        {
            throw new InvalidOperationException($"{GetType()} handles {typeof(TEvent)} twice.");
        }
    }

    [GeneratedRegex("^(?=.{1,100}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();
}
