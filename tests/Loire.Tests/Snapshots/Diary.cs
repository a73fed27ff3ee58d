using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Loire.Aggregates;

namespace Loire.Tests.Snapshots;

public abstract record DiaryCommand
{
    public sealed record Write(string Text) : DiaryCommand;

    /// <summary>Is rejected with all that the state holds.</summary>
    public sealed record Show : DiaryCommand;
}

public abstract record DiaryEvent
{
    public sealed record Written(string Text, decimal Worth) : DiaryEvent;
}

public enum Mood
{
    Calm,
    Merry,
}

[JsonDerivedType(typeof(Sun), "sun")]
[JsonDerivedType(typeof(Rain), "rain")]
public abstract record Weather
{
    public sealed record Sun(int Degrees) : Weather;

    public sealed record Rain(double Litres, TimeSpan? Lasted) : Weather;
}

public readonly record struct Page(int Number, string? Heading);

/// <summary>A state that JSON as such would carry only in part.</summary>
public sealed record Diary
{
    [JsonIgnore]
    public ImmutableDictionary<string, decimal> Worth { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    public ImmutableList<Weather> Weather { get; init; } = [];

    public Mood? Mood { get; private init; }

    [JsonPropertyName("worth")]
    public Page? Last { get; init; }

    private ImmutableArray<Page> Pages { get; init; } = [];

    internal Diary With(DiaryEvent.Written written)
    {
        var page = new Page(Pages.Length + 1, written.Text);
        return this with
        {
            Worth = Worth.SetItem(written.Text, written.Worth),
            Weather = Weather.Add(page.Number % 2 == 0 ? new Weather.Sun(page.Number) : new Weather.Rain(0.1, null)),
            Mood = page.Number % 3 == 0 ? null : Snapshots.Mood.Merry,
            Last = page,
            Pages = Pages.Add(page),
        };
    }

    public string Text() => string.Join(
        '|',
        string.Join(',', Pages),
        string.Join(',', Worth.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}={w.Value}")),
        string.Join(',', Weather),
        Mood?.ToString() ?? "none",
        Last?.ToString() ?? "none");
}

public sealed class DiaryDecider : IDecider<DiaryCommand, Diary, DiaryEvent>
{
    public Diary Initial { get; } = new();

    public Decision<DiaryEvent> Decide(DiaryCommand command, Diary state, CommandContext context) => command switch
    {
        DiaryCommand.Write write => new DiaryEvent.Written(write.Text, 1.50m),
        _ => new Rejection("shown", state.Text()),
    };

    public Diary Evolve(Diary state, DiaryEvent @event) => state.With((DiaryEvent.Written)@event);
}

[GrainType("diary")]
public sealed class DiaryGrain : AggregateGrain<DiaryCommand, Diary, DiaryEvent>;
