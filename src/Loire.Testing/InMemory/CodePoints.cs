namespace Loire.Testing;

/// <summary>Orders text by its code points, as the stores do that keep it as UTF-8.</summary>
internal sealed class CodePoints : IComparer<string>
{
    public static readonly CodePoints Order = new();

    public int Compare(string? x, string? y)
    {
        var common = x.AsSpan().CommonPrefixLength(y);
        var left = x.AsSpan(common);
        var right = y.AsSpan(common);
        return left.IsEmpty || right.IsEmpty
            ? left.Length.CompareTo(right.Length)
            : Rank(left[0]).CompareTo(Rank(right[0]));
    }

    // A surrogate stands for a code point beyond all that a single unit can hold.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + char.MaxValue : unit;
}
