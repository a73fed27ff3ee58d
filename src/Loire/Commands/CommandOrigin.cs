using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Commands;

/// <summary>Who sends commands from within the platform, and on whose behalf.</summary>
/// <param name="Sender">What their keys begin with: a saga's type and id, the id of a delivery…</param>
/// <param name="Metadata">What the events that they lead to carry.</param>
internal sealed record CommandOrigin(string Sender, EventMetadata Metadata);

/// <summary>A command and the aggregate that is to take it.</summary>
/// <param name="Aggregate">Type of the aggregate.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">The command's name in kebab-case.</param>
/// <param name="Payload">UTF-8 JSON.</param>
internal sealed record AddressedCommand(string Aggregate, string Id, string Name, ReadOnlyMemory<byte> Payload)
{
    public static AddressedCommand Of(string aggregate, string id, object command) =>
        new(aggregate, id, CommandCodec.NameOf(command), CommandCodec.Encode(command));
}
