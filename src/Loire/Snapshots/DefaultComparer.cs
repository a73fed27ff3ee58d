using System.Collections;

namespace Loire.Snapshots;

/// <summary>JSON does not carry a collection's comparer: one of its own would be lost.</summary>
internal static class DefaultComparer
{
    /// <exception cref="NotSupportedException">The value is a collection that compares in a way of its own.</exception>
    public static object? Checked(object? value)
    {
        if (value is IEnumerable and not string && ComparerOf(value) is { } comparer && !IsDefault(comparer))
        {
            throw new NotSupportedException($"A {value.GetType()} with the comparer {comparer} cannot be kept in a snapshot.");
        }

        return value;
    }

    private static object? ComparerOf(object collection) =>
        (collection.GetType().GetProperty("KeyComparer") ?? collection.GetType().GetProperty("Comparer"))?.GetValue(collection);

    // Of text the ordinal one, which differs from the default in nothing but its name; other collections cannot tell.
    private static bool IsDefault(object comparer) =>
        ReferenceEquals(comparer, StringComparer.Ordinal)
        || comparer.GetType().GetInterfaces().Where(i => i.IsGenericType).Select(i => i.GetGenericArguments()[0]).Any(of =>
            comparer.Equals(DefaultOf(typeof(EqualityComparer<>), of)) || comparer.Equals(DefaultOf(typeof(Comparer<>), of)));

    private static object? DefaultOf(Type comparer, Type of) =>
        comparer.MakeGenericType(of).GetProperty("Default")!.GetValue(null);
}
