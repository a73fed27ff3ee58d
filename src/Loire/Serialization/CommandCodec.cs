using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Loire.Commands;

namespace Loire.Serialization;

/// <summary>Reads the commands of one aggregate type from JSON, strictly.</summary>
public sealed class CommandCodec
{
    private readonly FrozenDictionary<string, Type> _types;

    public CommandCodec(Type root)
    {
        _types = NestedTypes.Of(root).ToFrozenDictionary();
        Names = [.. _types.Keys.Order()];
    }

    /// <summary>The names of the commands, sorted.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The name under which a command travels.</summary>
    public static string NameOf(object command) => NestedTypes.NameOf(command.GetType());

    public static ReadOnlyMemory<byte> Encode(object command) =>
        JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), LoireJson.Strict);

    /// <summary>Reads a command.</summary>
    /// <returns>The command, or why it cannot be one.</returns>
    public (object? Command, CommandResult? Failure) Decode(string name, ReadOnlyMemory<byte> payload)
    {
        if (!_types.TryGetValue(name, out var type))
        {
            return (null, new CommandResult.UnknownCommand(Names));
        }

        try
        {
            var command = JsonSerializer.Deserialize(payload.Span, type, LoireJson.Strict);
            var errors = command is null ? [new FieldError("", "A JSON object is needed.")] : Validation.Check(command);
            return errors.IsEmpty ? (command, null) : (null, new CommandResult.Invalid(errors));
        }
        catch (JsonException e)
        {
            return (null, new CommandResult.Invalid(PayloadDiagnosis.Explain(payload, type, e)));
        }
    }
}
