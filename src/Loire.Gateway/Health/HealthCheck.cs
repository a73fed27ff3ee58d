using System.Text.Json;

namespace Loire.Gateway.Health;

/// <summary>What one check found.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="Healthy">Whether all is well.</param>
/// <param name="Detail">What is not, for people.</param>
/// <param name="Facts">Further members.</param>
internal sealed record HealthCheck(string Name, bool Healthy, string? Detail = null, Action<Utf8JsonWriter>? Facts = null)
{
    /// <summary>It works, and somebody should look at it all the same.</summary>
    public bool Degraded { get; init; }

    /// <summary>The worst of several, in one word.</summary>
    public static string StatusOf(params IReadOnlyCollection<HealthCheck> checks) =>
        checks.Any(c => !c.Healthy) ? "unhealthy" : checks.Any(c => c.Degraded) ? "degraded" : "healthy";

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("status", StatusOf(this));
        if (Detail is not null)
        {
            writer.WriteString("detail", Detail);
        }

        Facts?.Invoke(writer);
        writer.WriteEndObject();
    }
}
