namespace Loire.EventLog;

/// <summary>Names the stream of one aggregate: its type and its id.</summary>
/// <param name="Aggregate">Aggregate type in kebab-case, e.g. <c>order</c>.</param>
/// <param name="Id">Any text of 1 to 200 characters without control characters.</param>
public readonly record struct StreamName(string Aggregate, string Id)
{
    /// <summary>The fixed number of partitions that streams are spread over.</summary>
    public const int Partitions = 64;

    public const int MaxIdLength = 200;

    /// <summary>The partition of this stream, 0 to 63: FNV-1a over the UTF-16 code units of type, '/' and id.</summary>
    public int Partition
    {
        get
        {
            var hash = Hash(2166136261, Aggregate);
            hash = (hash ^ '/') * 16777619;
            return (int)(Hash(hash, Id) % Partitions);
        }
    }

    public static bool IsValidId(string id) =>
        id.Length is >= 1 and <= MaxIdLength && !id.Any(char.IsControl);

    public override string ToString() => $"{Aggregate}/{Id}";

    private static uint Hash(uint hash, string text)
    {
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return hash;
    }
}
