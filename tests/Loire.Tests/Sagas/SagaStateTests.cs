using System.Text.Json;
using Loire.Sagas;

namespace Loire.Tests.Sagas;

public sealed class SagaStateTests
{
    private static readonly SagaState Booking = new SagaState()
        .Apply(new SagaEvent.Started("booking", ["hotel", "flight", "pay"], Json("before"), SagaCause.Unknown, Stages: [["hotel", "flight"], ["pay"]]));

    [Fact]
    public void An_answer_is_for_the_stage_after_it() => Booking
        .Apply(Answered("hotel")).StageContext.GetString().ShouldBe("before");

    [Fact]
    public void When_a_stage_is_over_the_next_sees_what_was_answered() => Booking
        .Apply(Answered("hotel")).Apply(new SagaEvent.StepCompleted("flight")).StageContext.GetString().ShouldBe("after");

    [Fact]
    public void What_was_skipped_is_withdrawn_as_it_was_sent_though_its_stage_is_over()
    {
        var over = Booking.Apply(new SagaEvent.StepSkipped("flight", "No.")).Apply(Answered("hotel"));

        over.StageContext.GetString().ShouldBe("before");
        over.Apply(new SagaEvent.StepWithdrawn("flight", TookEffect: false)).StageContext.GetString().ShouldBe("after");
    }

    [Fact]
    public void Of_two_steps_that_were_skipped_the_second_is_withdrawn_as_it_was_sent()
    {
        var one = new SagaState()
            .Apply(new SagaEvent.Started("booking", ["hotel", "flight", "visa"], Json("before"), SagaCause.Unknown, Stages: [["hotel", "flight", "visa"]]))
            .Apply(Answered("hotel"))
            .Apply(new SagaEvent.StepSkipped("flight", "No."))
            .Apply(new SagaEvent.StepSkipped("visa", "No."))
            .Apply(new SagaEvent.StepWithdrawn("flight", TookEffect: true));

        one.InDoubt.ShouldBe(["visa"]);
        one.StageContext.GetString().ShouldBe("before");
        one.Apply(new SagaEvent.StepWithdrawn("visa", TookEffect: true)).StageContext.GetString().ShouldBe("after");
    }

    [Fact]
    public void The_next_stage_sees_what_was_answered_though_a_step_of_it_is_skipped_before_the_one_before_is_withdrawn()
    {
        var next = new SagaState()
            .Apply(new SagaEvent.Started(
                "booking", ["hotel", "flight", "pay", "mail"], Json("before"), SagaCause.Unknown, Stages: [["hotel", "flight"], ["pay", "mail"]]))
            .Apply(Answered("hotel"))
            .Apply(new SagaEvent.StepSkipped("flight", "No."))
            .Apply(new SagaEvent.StepSkipped("mail", "No."));
        next.StageContext.GetString().ShouldBe("before");

        next = next.Apply(new SagaEvent.StepWithdrawn("flight", TookEffect: false));
        next.StageContext.GetString().ShouldBe("after");
        next.Apply(new SagaEvent.StepWithdrawn("mail", TookEffect: false)).StageContext.GetString().ShouldBe("after");
    }

    private static SagaEvent.StepCompleted Answered(string step) => new(step, Json("room 7"), Json("after"));

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);
}
