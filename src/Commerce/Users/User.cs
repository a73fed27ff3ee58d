using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Users;

public abstract record UserCommand
{
    public sealed record Register(string Name, string Email) : UserCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Text(Name, 200);
            validation.Text(Email, 320);
        }
    }

    public sealed record Update(string? Name = null, string? Email = null) : UserCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Require(Name is null || !string.IsNullOrWhiteSpace(Name), "name", "Text of 1 to 200 characters is needed.");
            validation.Require(Email is null || !string.IsNullOrWhiteSpace(Email), "email", "Text of 1 to 320 characters is needed.");
        }
    }

    public sealed record Deactivate(string Reason) : UserCommand;

    public sealed record Reactivate : UserCommand;
}

public abstract record UserEvent
{
    public sealed record Registered(string Name, string Email) : UserEvent;

    public sealed record Updated(ChangeSet Changes) : UserEvent;

    public sealed record Deactivated(string Reason) : UserEvent;

    public sealed record Reactivated : UserEvent;
}

/// <summary>Somebody who may place orders. <see langword="null"/> members mean: not registered yet.</summary>
public sealed record User(string? Name = null, string? Email = null, bool IsActive = false)
{
    internal bool Exists => Name is not null;

    internal User With(ChangeSet changes) => this with
    {
        Name = changes.NewValues.GetValueOrDefault("name", Name!),
        Email = changes.NewValues.GetValueOrDefault("email", Email!),
    };
}

public sealed class UserDecider : IDecider<UserCommand, User, UserEvent>
{
    public User Initial { get; } = new();

    public Decision<UserEvent> Decide(UserCommand command, User state, CommandContext context) => (command, state) switch
    {
        (UserCommand.Register register, { Exists: false }) => new UserEvent.Registered(register.Name, register.Email),
        (UserCommand.Register, _) => new Rejection("already-registered", "The user is registered already."),
        (_, { Exists: false }) => new Rejection("not-registered", "The user is not registered."),
        (UserCommand.Update update, _) => Update(update, state),
        (UserCommand.Deactivate deactivate, { IsActive: true }) => new UserEvent.Deactivated(deactivate.Reason),
        (UserCommand.Deactivate, _) => new Rejection("not-active", "The user is not active."),
        (UserCommand.Reactivate, { IsActive: false }) => new UserEvent.Reactivated(),
        (UserCommand.Reactivate, _) => new Rejection("already-active", "The user is active already."),
        _ => throw new NotSupportedException($"No command of a user: {command}"),
    };

    public User Evolve(User state, UserEvent @event) => @event switch
    {
        UserEvent.Registered registered => new User(registered.Name, registered.Email, IsActive: true),
        UserEvent.Updated updated => state.With(updated.Changes),
        UserEvent.Deactivated => state with { IsActive = false },
        UserEvent.Reactivated => state with { IsActive = true },
        _ => throw new NotSupportedException($"No event of a user: {@event}"),
    };

    private static Decision<UserEvent> Update(UserCommand.Update update, User state)
    {
        var changes = ChangeSet.Of(("name", state.Name!, update.Name), ("email", state.Email!, update.Email));
        return changes.ChangedFields.IsEmpty ? Array.Empty<UserEvent>() : new UserEvent.Updated(changes);
    }
}

[GrainType("user")]
public sealed class UserGrain : AggregateGrain<UserCommand, User, UserEvent>;
