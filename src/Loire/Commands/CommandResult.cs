using System.Collections.Immutable;
using Loire.Aggregates;
using Loire.Serialization;

namespace Loire.Commands;

/// <summary>What became of a command. Every expected outcome is a value; exceptions are for defects.</summary>
[GenerateSerializer, Immutable, Alias("loire.command-result")]
public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>Why the command has not taken effect; <see langword="null"/> if it has.</summary>
    internal Rejection? Refusal => this switch
    {
        Accepted => null,
        Rejected rejected => new Rejection(rejected.Code, rejected.Detail),
        Invalid invalid => new Rejection("invalid-payload", string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))),
        _ => new Rejection(NestedTypes.NameOf(GetType()), $"A command was answered with {this}."),
    };

    /// <summary>Its events are on disk.</summary>
    /// <param name="Receipt">What was appended.</param>
    /// <param name="Replayed">A repetition of a command that had been accepted before: nothing was added now.</param>
    [GenerateSerializer, Immutable, Alias("loire.command-result.accepted")]
    public sealed record Accepted([property: Id(0)] CommandReceipt Receipt, [property: Id(1)] bool Replayed) : CommandResult;

    /// <summary>A business rule stands against it.</summary>
    [GenerateSerializer, Immutable, Alias("loire.command-result.rejected")]
    public sealed record Rejected([property: Id(0)] string Code, [property: Id(1)] string Detail) : CommandResult;

    /// <summary>The aggregate does not have the version that the command asks for.</summary>
    [GenerateSerializer, Immutable, Alias("loire.command-result.version-mismatch")]
    public sealed record VersionMismatch([property: Id(0)] long CurrentVersion) : CommandResult;

    /// <summary>The idempotency key was used before with another payload.</summary>
    [GenerateSerializer, Immutable, Alias("loire.command-result.key-reused")]
    public sealed record KeyReused : CommandResult;

    /// <summary>A command with the same idempotency key is still running.</summary>
    [GenerateSerializer, Immutable, Alias("loire.command-result.in-flight")]
    public sealed record InFlight : CommandResult;

    /// <summary>The payload is malformed or out of range.</summary>
    /// <param name="Errors">What is wrong, by the path of the member.</param>
    [GenerateSerializer, Immutable, Alias("loire.command-result.invalid")]
    public sealed record Invalid([property: Id(0)] ImmutableArray<FieldError> Errors) : CommandResult;

    /// <summary>The aggregate has no command of that name.</summary>
    [GenerateSerializer, Immutable, Alias("loire.command-result.unknown-command")]
    public sealed record UnknownCommand([property: Id(0)] ImmutableArray<string> Known) : CommandResult;

    /// <summary>The store could not take it, or other writers kept getting ahead. Trying again is safe with an idempotency key.</summary>
    /// <param name="Detail">One sentence for people.</param>
    /// <param name="RetryAfter">When to try again.</param>
    [GenerateSerializer, Immutable, Alias("loire.command-result.store-unavailable")]
    public sealed record StoreUnavailable([property: Id(0)] string Detail, [property: Id(1)] TimeSpan RetryAfter) : CommandResult;
}

/// <param name="Field">Path of the member, e.g. <c>items[0].quantity</c>; empty for the payload as a whole.</param>
/// <param name="Message">What is wrong with it.</param>
[GenerateSerializer, Immutable, Alias("loire.field-error")]
public sealed record FieldError([property: Id(0)] string Field, [property: Id(1)] string Message);

/// <summary>Proof of an accepted command.</summary>
/// <param name="Aggregate">Aggregate type.</param>
/// <param name="Id">Aggregate id.</param>
/// <param name="Version">The aggregate's version after the command.</param>
/// <param name="Position">Position of its last event in the log: a view that has reached it shows the command's effect.</param>
/// <param name="Events">The command's events, in order.</param>
[GenerateSerializer, Immutable, Alias("loire.command-receipt")]
public sealed record CommandReceipt(
    [property: Id(0)] string Aggregate,
    [property: Id(1)] string Id,
    [property: Id(2)] long Version,
    [property: Id(3)] long Position,
    [property: Id(4)] ImmutableArray<CommandEvent> Events);

[GenerateSerializer, Immutable, Alias("loire.command-event")]
public sealed record CommandEvent([property: Id(0)] Guid EventId, [property: Id(1)] string Type, [property: Id(2)] long Version);
