namespace Loire.Engine.ContractTests.Activation;

[GenerateSerializer]
public sealed class Note
{
    [Id(0)]
    public string Text { get; set; } = "blank";
}

public interface INoteGrain : IGrainWithStringKey
{
    Task Write(string text);

    Task WriteAsOf(string text);

    Task Change(string text);

    Task<string> ReadAgain();

    Task Clear();

    Task<(bool Exists, bool HasEtag, string Text)> What();

    Task End();
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<Note> note) : Grain, INoteGrain
{
    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task WriteAsOf(string text)
    {
        note.State = new Note { Text = text };
        return note.WriteStateAsync();
    }

    public Task Change(string text)
    {
        note.State.Text = text;
        return Task.CompletedTask;
    }

    public async Task<string> ReadAgain()
    {
        await note.ReadStateAsync();
        return note.State.Text;
    }

    public Task Clear() => note.ClearStateAsync();

    public Task<(bool Exists, bool HasEtag, string Text)> What() =>
        Task.FromResult((note.RecordExists, !string.IsNullOrEmpty(note.Etag), note.State.Text));

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public sealed class PersistentStates
{
    [Fact]
    public async Task A_state_that_was_never_written_does_not_exist()
    {
        await using var host = await Start();
        (await host.Grain<INoteGrain>().What()).ShouldBe((false, false, "blank"));
    }

    [Fact]
    public async Task A_written_state_exists_and_has_a_version()
    {
        await using var host = await Start();
        await host.Grain<INoteGrain>().Write("one");
        (await host.Grain<INoteGrain>().What()).ShouldBe((true, true, "one"));
    }

    [Fact]
    public async Task What_is_not_written_is_lost()
    {
        await using var host = await Start();
        var grain = host.Grain<INoteGrain>();
        await grain.Write("one");
        await grain.Change("two");
        (await grain.ReadAgain()).ShouldBe("one");
    }

    [Fact]
    public async Task A_state_can_be_replaced_as_a_whole()
    {
        await using var host = await Start();
        var grain = host.Grain<INoteGrain>();
        await grain.Write("one");
        await grain.WriteAsOf("two");
        await grain.End();
        (await grain.What()).ShouldBe((true, true, "two"));
    }

    [Fact]
    public async Task A_cleared_state_is_as_if_it_had_never_been_written()
    {
        await using var host = await Start();
        var grain = host.Grain<INoteGrain>();
        await grain.Write("one");
        await grain.Clear();
        var (exists, _, text) = await grain.What();
        (exists, text).ShouldBe((false, "blank"));
        await grain.Write("two");
        await grain.End();
        (await grain.What()).ShouldBe((true, true, "two"));
    }

    private static Task<TestHost> Start() => TestHost.Start(static silo => silo.AddMemoryGrainStorageAsDefault());
}
