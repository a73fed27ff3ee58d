using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Problems;
using Loire.Serialization;

namespace Loire.Gateway.DeadLetters;

/// <summary>The body of <c>PUT /api/dead-letters/{id}</c>.</summary>
/// <param name="Data">The payload, as it was sent.</param>
/// <param name="By">Who changes it.</param>
internal sealed record DeadLetterEdit(ReadOnlyMemory<byte> Data, string By)
{
    public const int MaxBy = 200;

    /// <exception cref="ProblemException">It is not what it should be.</exception>
    public static DeadLetterEdit Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var edit = JsonSerializer.Deserialize<Body>(body.Span, LoireJson.Strict) ?? throw new JsonException("A JSON object is needed.");
            return edit.By.Trim().Length is >= 1 and <= MaxBy
                ? new DeadLetterEdit(JsonSerializer.SerializeToUtf8Bytes(edit.Data, LoireJson.Stored), edit.By)
                : throw new ProblemException(KnownProblems.InvalidPayload([new FieldError("by", $"A text of 1 to {MaxBy} characters is needed.")]));
        }
        catch (JsonException e)
        {
            throw new ProblemException(KnownProblems.InvalidPayload(PayloadDiagnosis.Explain(body, typeof(Body), e)));
        }
    }

    private sealed record Body(JsonElement Data, string By);
}
