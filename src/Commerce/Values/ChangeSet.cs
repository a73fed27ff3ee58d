using System.Collections.Immutable;

namespace Commerce.Values;

/// <summary>What an update changed.</summary>
/// <param name="ChangedFields">The fields, in the order of the state's members.</param>
/// <param name="PreviousValues">Their values before, by field.</param>
/// <param name="NewValues">Their values after, by field.</param>
public sealed record ChangeSet(
    ImmutableArray<string> ChangedFields,
    ImmutableSortedDictionary<string, string> PreviousValues,
    ImmutableSortedDictionary<string, string> NewValues)
{
    /// <summary>Compares fields; those for which nothing new is given, or that stay the same, are left out.</summary>
    public static ChangeSet Of(params IEnumerable<(string Field, string Before, string? After)> fields)
    {
        var changed = fields.Where(f => f.After is not null && f.After != f.Before).ToArray();
        return new ChangeSet(
            [.. changed.Select(f => f.Field)],
            changed.ToImmutableSortedDictionary(f => f.Field, f => f.Before),
            changed.ToImmutableSortedDictionary(f => f.Field, f => f.After!));
    }
}
