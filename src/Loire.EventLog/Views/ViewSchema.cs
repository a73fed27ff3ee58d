namespace Loire.EventLog.Views;

/// <summary>What a view's store needs to know of it.</summary>
/// <param name="Name">Kebab-case; also the name of the subscription that fills it.</param>
/// <param name="Version">Raised when documents change their meaning: the view is then filled anew.</param>
/// <param name="Fields">The top-level members of the documents that can be filtered, sorted and searched.</param>
/// <param name="Generation">Documents of one version that are filled anew are kept beside those before them, 1 or more.</param>
public sealed record ViewSchema(string Name, int Version, IReadOnlyList<ViewField> Fields, int Generation = 1)
{
    public int Generation { get; } = Generation;

    /// <summary>The name under which documents and checkpoints are kept, e.g. <c>orders@1</c>, or <c>orders@1.2</c> for the second generation.</summary>
    public string StoreName { get; } = Generation == 1 ? $"{Name}@{Version}" : $"{Name}@{Version}.{Generation}";

    /// <summary>Whether there is something that <c>q=</c> looks into.</summary>
    public bool IsSearchable { get; } = Fields.Any(field => field.Searchable);

    /// <summary>The same view in another generation: other, at first no, documents.</summary>
    public ViewSchema InGeneration(int generation) => generation == Generation ? this : new(Name, Version, Fields, generation);

    public ViewField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);
}

public enum ViewFieldKind
{
    Text,
    Number,
    Boolean,

    /// <summary>RFC 3339, UTC.</summary>
    Time,
}

/// <param name="Name">The JSON member's name.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="Searchable">Whether <c>q=</c> looks into it; text only.</param>
/// <param name="Indexed">Whether the store keeps an index for it: faster to find, dearer to write.</param>
public sealed record ViewField(string Name, ViewFieldKind Kind, bool Searchable = false, bool Indexed = false);

/// <param name="Id">The document's id.</param>
/// <param name="Json">UTF-8 JSON.</param>
public sealed record ViewDocument(string Id, ReadOnlyMemory<byte> Json);
