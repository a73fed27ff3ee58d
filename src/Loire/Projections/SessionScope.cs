using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Which documents a session works on, and how many of them it remembers.</summary>
/// <param name="Generation">Where they live.</param>
/// <param name="Partition">Whose they are, from 0.</param>
/// <param name="Partitions">Of how many.</param>
internal sealed record SessionScope(int Generation, int Partition, int Partitions)
{
    /// <summary>Whether documents are stored with the position of the event that changed them last, deleted ones too.</summary>
    public bool Stamped { get; init; }

    /// <summary>A table of the projection as it is kept here. Nobody looks for documents by what is in them when they are stamped.</summary>
    public ViewSchema Of(ViewSchema schema) =>
        Stamped ? new ViewSchema(schema.Name, schema.Version, [], Generation) : schema.InGeneration(Generation);

    /// <summary>Documents that are remembered between two batches, at most, about.</summary>
    public int MaxDocuments { get; init; } = 100_000;

    /// <summary>Bytes of JSON of documents that are remembered between two batches, at most, about.</summary>
    public long MaxBytes { get; init; } = 16 << 20;
}

/// <summary>A document with the position of the event that changed it last.</summary>
/// <param name="Position">The position.</param>
/// <param name="Document">The document; <see langword="null"/> if that event deleted it.</param>
internal sealed record StampedDocument<T>(long Position, T? Document)
    where T : class;
