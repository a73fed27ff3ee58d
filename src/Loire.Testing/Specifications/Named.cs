using System.Text.Json;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>An event, a command or a document, as specifications compare and show it.</summary>
/// <param name="Name">Of its type or place.</param>
/// <param name="Content">What it holds.</param>
internal sealed record Named(string Name, JsonElement Content)
{
    /// <summary>By the name that its type has on the platform: <c>OrderEvent.Placed</c> is <c>placed</c>.</summary>
    public static Named Of(object value) => new(NestedTypes.NameOf(value.GetType()), Shape.Of(value));

    /// <summary>With the place that it belongs to: <c>order/o-1: placed</c>.</summary>
    public Named At(string place) => this with { Name = $"{place}: {Name}" };

    public override string ToString() => $"{Name} {JsonSerializer.Serialize(Content, LoireJson.Stored)}";
}
