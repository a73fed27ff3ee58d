using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Commerce;
using Loire.Testing.Tests.Specifications;

namespace Loire.Testing.Tests.Properties;

public sealed class EventTypesTests
{
    [Fact]
    public void Every_event_of_the_reference_domain_comes_back_as_it_went_in()
    {
        var names = EventTypes.Of(loire => loire.AddCommerce()).RoundTrip();

        names.ShouldContain("order.placed");
        names.ShouldContain("user.updated");
        names.ShouldContain("order-fulfillment.started");
        names.Count.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void Members_of_every_kind_are_filled() => EventTypes.Of<FullEvent>().RoundTrip().ShouldBe(["aggregate.happened"]);

    [Fact]
    public void What_is_lost_is_named() => Failing.MessageOf(() => EventTypes.Of<LossyEvent>().RoundTrip()).ShouldBe(
        """
        Not every event type comes back from its stored form as it went in.
        events
          aggregate.forgot: The event forgot does not come back from its stored form as it went in. went in   forgot {"kept":7,"lost":7} came back   forgot {"kept":7,"lost":0} difference   event (forgot), lost: expected 7, got 0
        """);

    [Fact]
    public void A_sample_that_cannot_be_made_can_be_given()
    {
        Failing.MessageOf(() => EventTypes.Of<PickyEvent>().RoundTrip()).ShouldContain(
            "aggregate.chosen: No sample of Even can be made: no constructor and no static method took samples of its parameters. Give one with With(…).");
        EventTypes.Of<PickyEvent>().With(new Even(4)).RoundTrip().ShouldBe(["aggregate.chosen"]);
    }
}

public abstract record FullEvent
{
    public sealed record Happened(
        string? Text,
        int? Number,
        DayOfWeek Day,
        ImmutableArray<Part> Parts,
        IReadOnlyList<string> Names,
        ImmutableSortedDictionary<string, Part> ByName,
        DateTimeOffset At) : FullEvent
    {
        public Part? More { get; init; }
    }

    public sealed record Part(decimal Price, Guid Id);
}

public abstract record LossyEvent
{
    public sealed record Forgot(int Kept) : LossyEvent
    {
        [JsonIgnore]
        public int Lost { get; init; }
    }
}

public abstract record PickyEvent
{
    public sealed record Chosen(Even Number) : PickyEvent;
}

public sealed record Even
{
    public Even(int value) => Value = value % 2 == 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));

    public int Value { get; }
}
