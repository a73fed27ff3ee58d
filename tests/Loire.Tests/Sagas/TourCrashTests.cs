using Loire.Sagas;

namespace Loire.Tests.Sagas;

/// <summary>The silo dies before or after each event of a saga with a parallel group.</summary>
public sealed class TourCrashTests
{
    public static TheoryData<string, bool> There => Each(
        "started", "step-completed pay", "step-begun hotel", "step-sent hotel", "attempt-failed flight", "step-completed visa",
        "step-retried flight", "step-completed flight", "step-completed hotel", "step-completed agency", "completed");

    public static TheoryData<string, bool> BackFromTheMiddle => Each(
        "step-failed visa", "step-withdrawn hotel", "step-withdrawn flight", "step-withdrawn visa", "step-compensated hotel",
        "step-compensated pay", "failed");

    public static TheoryData<string, bool> BackFromTheEnd => Each(
        "step-failed hotel", "step-withdrawn hotel", "step-compensated hotel", "step-compensated flight", "step-compensated visa",
        "step-compensated pay", "failed");

    [Theory]
    [MemberData(nameof(There))]
    public async Task Everything_is_booked_once(string point, bool after)
    {
        await using var tour = await TourHost.Start(point, after, visaFund: 3);
        await tour.Depart();
        await tour.Until(s => s.CompletedSteps.Contains("visa"));
        await tour.CreditMiles();
        await tour.Until(s => s.CompletedSteps.Contains("flight"));
        await tour.Answer();

        var ended = await tour.Ended();

        ended.Status.ShouldBe(SagaStatus.Completed);
        ended.CompletedSteps.ShouldBe(["pay", "visa", "flight", "hotel", "agency"]);
        (await tour.Moves()).ShouldBe("purse -, hotel +, miles +-, visa -, room-7 +");
        (await tour.Answer()).Applied.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(BackFromTheMiddle))]
    public async Task What_was_under_way_beside_a_step_that_failed_is_withdrawn_or_undone(string point, bool after)
    {
        await using var tour = await TourHost.Start(point, after, visaFund: 2);
        await tour.Depart();

        var ended = await tour.Ended();

        ended.Status.ShouldBe(SagaStatus.Failed);
        ended.OpenWork.ShouldBeEmpty();
        ended.Reason.ShouldBe("The balance is 2.00.");
        (await tour.Moves()).ShouldBe("purse -+, hotel +-, miles, visa, room-7");
        (await tour.Answer()).Applied.ShouldBeFalse();
        (await tour.Moves()).ShouldBe("purse -+, hotel +-, miles, visa, room-7");
    }

    [Theory]
    [MemberData(nameof(BackFromTheEnd))]
    public async Task What_was_done_is_undone_in_the_reverse_of_the_order_in_which_it_was_completed(string point, bool after)
    {
        await using var tour = await TourHost.Start(point, after, visaFund: 3);
        await tour.Depart();
        await tour.Until(s => s.CompletedSteps.Contains("visa"));
        await tour.CreditMiles();
        await tour.Until(s => s.CompletedSteps.Contains("flight"));
        await tour.Tell(saga => saga.FailStep("hotel", "full", "There is no room."));

        var ended = await tour.Ended();

        ended.Status.ShouldBe(SagaStatus.Failed);
        ended.OpenWork.ShouldBeEmpty();
        ended.CompensatedSteps.ShouldBe(["flight", "visa", "pay"]);
        (await tour.Cluster.EventsOf(Tour.Name, "t-1")).OfType<SagaEvent.StepCompensated>().Select(e => e.Step)
            .ShouldBe(["hotel", "flight", "visa", "pay"]);
        (await tour.Moves()).ShouldBe("purse -+, hotel +-, miles +-+, visa -+, room-7");
        (await tour.Answer()).Applied.ShouldBeFalse();
    }

    private static TheoryData<string, bool> Each(params ReadOnlySpan<string> points)
    {
        var data = new TheoryData<string, bool>();
        foreach (var point in points)
        {
            data.Add(point, false);
            data.Add(point, true);
        }

        return data;
    }
}
