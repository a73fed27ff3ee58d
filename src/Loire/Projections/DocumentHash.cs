namespace Loire.Projections;

/// <summary>A hash of a document's id that is the same everywhere and always: FNV-1a over its UTF-16 code units, 32 bits.</summary>
internal static class DocumentHash
{
    public static uint Of(string id)
    {
        var hash = 2166136261;
        foreach (var unit in id)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return hash;
    }

    /// <summary>Which of so many partitions a document belongs to.</summary>
    public static int Partition(string id, int partitions) => (int)(Of(id) % (uint)partitions);
}
