using System.Collections.Immutable;
using System.Text.Json;
using Loire.Serialization;

namespace Loire.Sagas;

/// <summary>A saga on its way from one version of its definition to another.</summary>
/// <param name="Context">Its context.</param>
/// <param name="CompletedSteps">
/// What it has done, in that order. The new definition must have all of these steps: they may have to be undone. Steps may
/// be added that count as done, and taken out if nothing of them is to be undone.
/// </param>
/// <param name="CurrentSteps">
/// What it was about to do. Their commands may have been sent, so if the new definition has them, it must send the same
/// ones; if it does not, the saga cannot be moved and shows as stuck.
/// </param>
public sealed record SagaMigration(JsonElement Context, ImmutableList<string> CompletedSteps, ImmutableList<string> CurrentSteps)
{
    /// <summary>Reads the context as the older version wrote it.</summary>
    /// <exception cref="JsonException">It is not what is expected.</exception>
    public T Read<T>()
        where T : class =>
        Context.Deserialize<T>(LoireJson.Stored) ?? throw new JsonException("The context is null.");

    /// <summary>With another context.</summary>
    public SagaMigration With<T>(T context)
        where T : class =>
        this with { Context = JsonSerializer.SerializeToElement(context, LoireJson.Strict) };
}
