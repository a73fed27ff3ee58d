using System.Text.Json;

namespace Loire.Gateway.Health;

/// <summary>What one check found.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="Healthy">Whether all is well.</param>
/// <param name="Detail">What is not, for people.</param>
/// <param name="Facts">Further members.</param>
internal sealed record HealthCheck(string Name, bool Healthy, string? Detail = null, Action<Utf8JsonWriter>? Facts = null)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("status", Healthy ? "healthy" : "unhealthy");
        if (Detail is not null)
        {
            writer.WriteString("detail", Detail);
        }

        Facts?.Invoke(writer);
        writer.WriteEndObject();
    }
}
