namespace Loire.EventLog.Views;

public enum Comparison
{
    Equal,

    /// <summary>A document without the field differs from every value.</summary>
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>A condition on a declared field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Comparison">How to compare.</param>
/// <param name="Value"><see cref="string"/>, <see cref="decimal"/> or <see cref="bool"/>, as the field's kind asks for; times as RFC 3339 text.</param>
public sealed record ViewCondition(ViewField Field, Comparison Comparison, object Value);

/// <summary>What to read from a view.</summary>
public sealed record ViewQuery
{
    public IReadOnlyList<ViewCondition> Conditions { get; init; } = [];

    /// <summary>The first id, in order of code points; from the first of all, if not given.</summary>
    public string? IdFrom { get; init; }

    /// <summary>The last id; to the last of all, if not given.</summary>
    public string? IdTo { get; init; }

    /// <summary>
    /// Words, each of which must be the beginning of a word in one searchable field or another; up to 500 characters. Words are
    /// runs of letters and digits; capitals and accents do not count, and what is no letter or digit counts for nothing.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>
    /// Declared field to sort by; by id when there is none. Text is in order of its first 400 code points, a missing value comes
    /// before all others. Ties are in order of ids, ascending either way.
    /// </summary>
    public ViewField? Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>1 to 1000.</summary>
    public int Limit { get; init; } = 20;

    /// <summary><see cref="ViewPage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// Whether to count how many match on all pages. The store reads all of them for that, so whoever goes through all pages
    /// should not ask.
    /// </summary>
    public bool CountTotal { get; init; } = true;
}

/// <summary>A page of a view.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Total">How many match, on all pages; <see langword="null"/> if <see cref="ViewQuery.CountTotal"/> is <see langword="false"/>.</param>
/// <param name="Next">Cursor of the next page; <see langword="null"/> on the last.</param>
/// <param name="Position">The view's checkpoint, read together with the items.</param>
public sealed record ViewPage(IReadOnlyList<ViewDocument> Items, long? Total, string? Next, long Position);

/// <summary>A cursor is not one that this query gave out.</summary>
public sealed class InvalidCursorException(string message) : Exception(message);
