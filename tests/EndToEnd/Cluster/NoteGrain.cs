namespace EndToEnd.Cluster;

/// <summary>A grain as users write them, with a state of its own.</summary>
[Alias("end-to-end.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task Write(string text);

    [Alias("read")]
    Task<string?> Read();
}

[GenerateSerializer]
[Alias("end-to-end.note-state")]
public sealed record Note
{
    [Id(0)]
    public string? Text { get; init; }
}

internal sealed class NoteGrain([PersistentState("note")] IPersistentState<Note> note) : Grain, INoteGrain
{
    public Task Write(string text)
    {
        note.State = new Note { Text = text };
        return note.WriteStateAsync();
    }

    public Task<string?> Read() => Task.FromResult(note.State.Text);
}
