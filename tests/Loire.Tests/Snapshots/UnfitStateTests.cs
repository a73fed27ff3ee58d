using System.Collections.Immutable;
using Loire.Aggregates;
using Loire.EventLog;
using Microsoft.Extensions.Options;

namespace Loire.Tests.Snapshots;

/// <summary>States that a snapshot could not carry whole work as before, from their events.</summary>
public sealed class UnfitStateTests
{
    [Fact]
    public async Task Of_a_state_that_might_be_more_than_its_type_says_there_are_no_snapshots()
    {
        await using var host = await DiaryHost.Start(
            options => options.Every = 10, loire => loire.AddAggregate<OpenDiaryGrain, OpenDiaryDecider>(options => options.Every = 1));

        await host.Loire.Accepted("open-diary", "d", new DiaryCommand.Write("one"));

        host.Warnings.Messages.ShouldContain(m => m.Contains("no snapshots of open-diary") && m.Contains("sealed"));
        host.Snapshots.Loads.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_that_compares_in_its_own_way_is_told_and_not_kept()
    {
        await using var host = await DiaryHost.Start(
            options => options.Every = 1,
            loire => loire.AddAggregate<IndexGrain, IndexDecider>(options => options.Every = 1));
        await host.Loire.Accepted("index", "i", new DiaryCommand.Write("one"));
        await host.Write(1);

        (await host.Snapshots.Until(_ => true)).Stream.ShouldBe(new StreamName("diary", "d"));
        host.Warnings.Messages.ShouldContain(m => m.Contains("index/i") && m.Contains("was not written"));
    }

    [Fact]
    public async Task An_option_out_of_range_is_named_at_the_start()
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(DiaryHost.Start(options =>
            (options.Every, options.MinInterval, options.MaxBytes) = (-1, TimeSpan.FromSeconds(-1), 0)));

        refused.Failures.Select(f => f.Split(' ')[0]).ShouldBe(["Snapshots:Every", "Snapshots:MinInterval", "Snapshots:MaxBytes"]);
    }
}

public record OpenDiary(int Lines = 0);

public sealed class OpenDiaryDecider : IDecider<DiaryCommand, OpenDiary, DiaryEvent>
{
    public OpenDiary Initial { get; } = new();

    public Decision<DiaryEvent> Decide(DiaryCommand command, OpenDiary state, CommandContext context) =>
        new DiaryEvent.Written("open", 1m);

    public OpenDiary Evolve(OpenDiary state, DiaryEvent @event) => new(state.Lines + 1);
}

[GrainType("open-diary")]
public sealed class OpenDiaryGrain : AggregateGrain<DiaryCommand, OpenDiary, DiaryEvent>;

public sealed record Index
{
    public ImmutableHashSet<string> Words { get; init; } = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
}

public sealed class IndexDecider : IDecider<DiaryCommand, Index, DiaryEvent>
{
    public Index Initial { get; } = new();

    public Decision<DiaryEvent> Decide(DiaryCommand command, Index state, CommandContext context) =>
        new DiaryEvent.Written("index", 1m);

    public Index Evolve(Index state, DiaryEvent @event) =>
        state with { Words = state.Words.Add(((DiaryEvent.Written)@event).Text) };
}

[GrainType("index")]
public sealed class IndexGrain : AggregateGrain<DiaryCommand, Index, DiaryEvent>;
