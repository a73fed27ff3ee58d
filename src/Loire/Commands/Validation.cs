using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Loire.EventLog;

namespace Loire.Commands;

/// <summary>A command that checks what its types cannot say.</summary>
public interface IValidated
{
    void Validate(Validation validation);
}

/// <summary>Collects what is wrong with a payload.</summary>
public sealed class Validation
{
    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    internal static ImmutableArray<FieldError> Check(object command)
    {
        if (command is not IValidated validated)
        {
            return [];
        }

        var validation = new Validation();
        validated.Validate(validation);
        return validation._errors.ToImmutable();
    }

    /// <summary>Reports an error unless something holds.</summary>
    public void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            _errors.Add(new FieldError(field, message));
        }
    }

    /// <summary>An id as aggregates have it: 1 to 200 characters, none of them a control character.</summary>
    public void Id(string? value, [CallerArgumentExpression(nameof(value))] string field = "") => Require(
        value is not null && StreamName.IsValidId(value),
        JsonNamingPolicy.CamelCase.ConvertName(field),
        $"An id of 1 to {StreamName.MaxIdLength} characters without control characters is needed.");

    /// <summary>Text of 1 to <paramref name="maxLength"/> characters that is not only white space.</summary>
    public void Text(string? value, int maxLength = 1000, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        Require(
            !string.IsNullOrWhiteSpace(value) && value.Length <= maxLength,
            JsonNamingPolicy.CamelCase.ConvertName(field),
            $"Text of 1 to {maxLength} characters is needed.");
    }
}
