using Loire.EventLog;
using Loire.Journaling;
using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Tests;

/// <summary>Journaled grains that raise and confirm events themselves.</summary>
public sealed class JournalTests : IAsyncLifetime
{
    private InterceptedLog _log = null!;
    private LoireHost _loire = null!;

    public async ValueTask InitializeAsync() => _loire = await Start(folder: null);

    public ValueTask DisposeAsync() => _loire.DisposeAsync();

    [Fact]
    public async Task Confirmed_events_are_in_the_log_and_make_the_state_again_after_a_restart()
    {
        await Notebook("a").Write("one", "two");
        (await Notebook("a").Read()).ShouldBe("one,two");

        var folder = await _loire.Stop();
        _loire = await Start(folder);

        (await Notebook("a").Read()).ShouldBe("one,two");
        (await _loire.Log.Load(new StreamName("notebook", "a"))).Select(e => e.Type).ShouldBe(["notebook.noted", "notebook.noted"]);
    }

    [Fact]
    public async Task An_event_on_a_condition_is_not_raised_when_somebody_else_was_faster()
    {
        await Notebook("a").Write("one");
        await AppendBehindTheGrainsBack("a", expectedVersion: 1, "elsewhere");

        (await Notebook("a").WriteIfUnchanged("two")).ShouldBeFalse();
        (await Notebook("a").WriteIfUnchanged("three")).ShouldBeTrue();
        (await Notebook("a").Read()).ShouldBe("one,elsewhere,three");
    }

    [Fact]
    public async Task Events_without_a_condition_go_behind_those_of_somebody_else()
    {
        await Notebook("a").Write("one");
        await AppendBehindTheGrainsBack("a", expectedVersion: 1, "elsewhere");

        await Notebook("a").Write("two");

        (await Notebook("a").Read()).ShouldBe("one,elsewhere,two");
    }

    [Fact]
    public async Task When_the_store_fails_the_caller_is_told_and_the_events_are_appended_later_once()
    {
        await Notebook("a").Write("one");
        _log.OnAppend = (_, _) => throw new StoreUnavailableException("The disk is full.");
        await Should.ThrowAsync<StoreUnavailableException>(Notebook("a").Write("two"));
        _log.OnAppend = (_, append) => append();

        await Notebook("a").Write("three");

        (await Notebook("a").Read()).ShouldBe("one,two,three");
        (await _loire.Log.Load(new StreamName("notebook", "a"))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task When_the_reply_to_a_commit_is_lost_nothing_is_appended_twice()
    {
        _log.OnAppend = async (_, append) =>
        {
            await append();
            throw new StoreUnavailableException("The connection was cut.") { OutcomeUnknown = true };
        };
        (await Should.ThrowAsync<StoreUnavailableException>(Notebook("a").Write("one"))).OutcomeUnknown.ShouldBeTrue();
        _log.OnAppend = (_, append) => append();

        await Notebook("a").Write("two");

        (await Notebook("a").Read()).ShouldBe("one,two");
        (await _loire.Log.Load(new StreamName("notebook", "a"))).Count.ShouldBe(2);
    }

    private async Task<LoireHost> Start(string? folder) => await LoireHost.Start(
        folder, log: inner => _log = new InterceptedLog(inner), loire: l => l.AddJournal<NotebookGrain, NotebookEvent>());

    private INotebookGrain Notebook(string id) => _loire.Grains.GetGrain<INotebookGrain>(id);

    private Task AppendBehindTheGrainsBack(string id, long expectedVersion, string text) => _loire.Append(new AppendRequest(
        new StreamName("notebook", id),
        expectedVersion,
        [
            new NewEvent(
                Guid.NewGuid(),
                "notebook.noted",
                1,
                TimeProvider.System.GetUtcNow(),
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { text }),
                EventMetadata.None),
        ]));
}

[Alias("loire.tests.notebook")]
public interface INotebookGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task Write(params IReadOnlyList<string> lines);

    [Alias("write-if-unchanged")]
    Task<bool> WriteIfUnchanged(string line);

    [Alias("read")]
    Task<string> Read();
}

public abstract record NotebookEvent
{
    public sealed record Noted(string Text) : NotebookEvent;
}

/// <summary>A state that changes in place, as Orleans' own journaled grains have it.</summary>
[GenerateSerializer]
public sealed class NotebookState
{
    [Id(0)]
    public List<string> Lines { get; } = [];

    public void Apply(NotebookEvent.Noted noted) => Lines.Add(noted.Text);
}

[GrainType("notebook")]
[LogConsistencyProvider(ProviderName = Journals.Provider)]
internal sealed class NotebookGrain : JournaledGrain<NotebookState, NotebookEvent>, INotebookGrain
{
    public async Task Write(params IReadOnlyList<string> lines)
    {
        RaiseEvents(lines.Select(line => new NotebookEvent.Noted(line)));
        await ConfirmEvents();
    }

    public Task<bool> WriteIfUnchanged(string line) => RaiseConditionalEvent(new NotebookEvent.Noted(line));

    public async Task<string> Read()
    {
        await RefreshNow();
        return string.Join(',', State.Lines);
    }
}
