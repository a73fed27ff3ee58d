using System.Text.Json.Serialization;
using Loire.Aggregates;

namespace Loire.Testing.Tests.Specifications;

/// <summary>What a specification finds though nobody asked for it.</summary>
public sealed class DefectiveDeciderTests
{
    private static readonly AggregateSpecification<JarCommand, Jar, JarEvent> Jar = Specify.Aggregate(new JarDecider());

    [Fact]
    public void A_decider_that_throws_is_reported_with_what_it_was_given()
    {
        var failure = Should.Throw<SpecificationException>(() => Jar.Given(new JarEvent.Filled(2)).When(new JarCommand.Break()));

        failure.Message.ShouldBe(
            """
            The decider threw NotSupportedException: Jars do not break.
            given
              filled {"cookies":2}
            when
              break {}
            """);
        failure.InnerException.ShouldBeOfType<NotSupportedException>();
    }

    [Fact]
    public void An_event_that_loses_a_member_on_the_way_through_the_log_is_reported() => Failing.MessageOf(
        () => Jar.When(new JarCommand.Label("jam"))).ShouldBe(
        """
        The event labelled does not come back from its stored form as it went in.
        went in
          labelled {"length":3,"text":"jam"}
        came back
          labelled {"length":3,"text":null}
        difference
          event (labelled), text: expected "jam", got null
        """);

    [Fact]
    public void An_event_that_cannot_be_read_back_is_reported() => Failing.MessageOf(
        () => Jar.Given(new JarEvent.Sealed("lid"))).ShouldStartWith("""The event sealed {"with":"lid"} cannot be read back from its stored form: """);

    [Fact]
    public void A_difference_in_a_member_that_is_kept_out_of_JSON_is_seen() => Failing.MessageOf(
        () => Jar.When(new JarCommand.Fill(2)).ThenState(new Jar(2) { Hidden = 1 }))
        .ShouldEndWith("state, hidden: expected 1, got 2");
}

public abstract record JarCommand
{
    public sealed record Fill(int Cookies) : JarCommand;

    public sealed record Label(string Text) : JarCommand;

    public sealed record Break : JarCommand;
}

public abstract record JarEvent
{
    public sealed record Filled(int Cookies) : JarEvent;

    /// <summary>Forgets its text.</summary>
    public sealed record Labelled(int Length) : JarEvent
    {
        [JsonIgnore]
        public string? Text { get; init; }
    }

    /// <summary>Has no constructor that the serializer could use.</summary>
    public sealed record Sealed : JarEvent
    {
        public Sealed(string lid) => With = lid;

        public string With { get; }
    }
}

public sealed record Jar(int Cookies)
{
    [JsonIgnore]
    public int Hidden { get; init; }
}

internal sealed class JarDecider : IDecider<JarCommand, Jar, JarEvent>
{
    public Jar Initial { get; } = new(0);

    public Decision<JarEvent> Decide(JarCommand command, Jar state, CommandContext context) => command switch
    {
        JarCommand.Fill fill => new JarEvent.Filled(fill.Cookies),
        JarCommand.Label label => new JarEvent.Labelled(label.Text.Length) { Text = label.Text },
        _ => throw new NotSupportedException("Jars do not break."),
    };

    public Jar Evolve(Jar state, JarEvent @event) => @event is JarEvent.Filled filled
        ? new Jar(state.Cookies + filled.Cookies) { Hidden = filled.Cookies }
        : state;
}
