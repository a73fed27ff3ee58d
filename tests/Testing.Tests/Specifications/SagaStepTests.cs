using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Specifications;

/// <summary>What steps can be told to do: run beside each other, wait, be late, be tried again, not go back.</summary>
public sealed class SagaStepTests
{
    private static readonly AccountEvent.Opened Started = new("ada", Money.Of(10));

    private static SagaSpecification Booking => Specify.Saga(new Booking(), id: "ada").GivenAllElseAccepted();

    private static SagaSpecification Asked => Booking.Given(Started);

    private static SagaSpecification Unpayable => Booking
        .GivenRejected<AccountCommand.Deposit>("account-closed")
        .Given(Started);

    [Fact]
    public void Parallel_steps_are_begun_together_and_what_follows_waits_for_all_of_them() => Asked
        .ThenWaitsAt("ask-hotel").ThenWaitsAt("ask-flight")
        .WhenAnswered("ask-flight").ThenCompletes("ask-flight").ThenWaitsAt("ask-hotel").ThenSendsNothing()
        .WhenAnswered("ask-hotel", new Booking.Room("12")).ThenCompletes("ask-hotel", "pay", "thank").ThenCompleted();

    [Fact]
    public void An_answer_brings_what_later_steps_need() => Asked
        .WhenAnswered("ask-flight")
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .ThenSends(
            new SagaCommand("account", "12", new AccountCommand.Deposit(Money.Of(10))),
            new SagaCommand("account", "ada", new AccountCommand.Close()));

    [Fact]
    public void An_answer_changes_nothing_for_steps_beside_it() => Booking
        .Given(Started)
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .WhenAnsweredFailed("ask-flight", "no-seat", "All seats are taken.")
        .ThenCompensates("ask-flight", "ask-hotel", "keep-price")
        .ThenFailed("All seats are taken.");

    [Fact]
    public void An_answer_that_is_not_what_is_waited_for_is_refused() => Failing.MessageOf(() => Asked.WhenAnswered("ask-hotel", new { floor = 1 }))
        .ShouldStartWith("The saga booking refuses the answer (invalid-answer):");

    [Fact]
    public void An_answer_to_a_step_that_does_not_wait_is_refused() => Failing.MessageOf(() => Asked.WhenAnswered("pay"))
        .ShouldBe("The saga booking refuses the answer (not-waiting): The step 'pay' does not wait for an answer.");

    [Fact]
    public void An_answer_that_comes_twice_changes_nothing() => Asked
        .WhenAnswered("ask-flight").ThenCompletes("ask-flight")
        .WhenAnswered("ask-flight").ThenCompletes()
        .WhenAnsweredFailed("ask-flight", "no-seat").ThenCompensates().ThenWaitsAt("ask-hotel");

    [Fact]
    public void Steps_are_undone_in_the_reverse_of_the_order_in_which_they_were_completed() => Asked
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .WhenTimePasses(TimeSpan.FromDays(31))
        .ThenCompensates("ask-flight", "ask-hotel", "keep-price");

    [Fact]
    public void A_step_that_takes_too_long_has_failed_and_a_late_answer_changes_nothing() => Asked
        .WhenTimePasses(TimeSpan.FromMinutes(59)).ThenWaitsAt("ask-hotel")
        .WhenTimePasses(TimeSpan.FromMinutes(1)).ThenFailed("It took too long.")
        .WhenAnswered("ask-hotel", new Booking.Room("12")).ThenCompletes().ThenFailed();

    [Fact]
    public void A_time_out_of_a_step_that_is_done_changes_nothing() => Asked
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .WhenTimePasses(TimeSpan.FromHours(2)).ThenSendsNothing().ThenWaitsAt("ask-flight");

    [Fact]
    public void A_step_can_be_asked_again_when_no_answer_comes() => Specify.Saga(new Booking(new StepRetry { Attempts = 2 }), id: "ada")
        .GivenAllElseAccepted().Given(Started)
        .WhenTimePasses(TimeSpan.FromHours(1))
        .ThenSends("account", "hotel", new AccountCommand.Open("ada/2", Money.Of(10)))
        .WhenTimePasses(TimeSpan.FromHours(1))
        .ThenFailed("It took too long.");

    [Fact]
    public void A_rejection_that_is_worth_it_is_tried_again() => Booking
        .GivenRejected<AccountCommand.Withdraw>("insufficient-funds", "Too little.")
        .When(Started)
        .ThenFailed("Too little.")
        .Recorded.Select(e => e.GetType().Name).ShouldBe(
            ["Started", "AttemptFailed", "AttemptFailed", "StepFailed", "StepWithdrawn", "Failed"]);

    [Fact]
    public void Other_rejections_are_final() => Booking
        .GivenRejected<AccountCommand.Withdraw>("account-closed")
        .When(Started)
        .ThenFailed()
        .Recorded.OfType<SagaEvent.AttemptFailed>().ShouldBeEmpty();

    [Fact]
    public void Behind_the_point_of_no_return_the_saga_is_stuck_rather_than_undone() => Asked
        .GivenRejected<AccountCommand.Close>("balance-not-zero")
        .WhenAnswered("ask-flight")
        .WhenAnswered("ask-hotel", new Booking.Room("12")).ThenStuck("thank", "balance-not-zero").ThenCompensates()
        .WhenTimePasses(TimeSpan.FromDays(31)).ThenStuck("thank").ThenCompensates();

    [Fact]
    public void Before_the_point_of_no_return_it_is_undone() => Unpayable
        .WhenAnswered("ask-flight")
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .ThenFailed()
        .ThenOpenWork("account/ada: deposit");

    [Fact]
    public void The_deadline_undoes_it() => Asked
        .WhenAnswered("ask-hotel", new Booking.Room("12"))
        .WhenTimePasses(TimeSpan.FromDays(30))
        .ThenFailed("The saga was not done by its deadline.");

    [Fact]
    public void What_is_wrong_with_a_definition_is_named_all_at_once() =>
        Should.Throw<InvalidOperationException>(() => new SagaRegistry([new Muddle()])).Message.ShouldBe(
            "The saga muddle, version 0, is not well defined: its version must be 1 or more; its deadline must be more than zero; "
            + "two steps are called 'a'; the group 'g' needs two or more steps that follow each other; "
            + "it may have one point of no return, outside of parallel groups; step 'Big': its name must be in kebab-case; "
            + "step 'Big': it neither sends a command nor waits for an answer; step 'b': its time-out must be more than zero; "
            + "step 'b': of its retries, its attempts must be 1 to 1000.");

    private sealed class Muddle : Saga<Booking.Context>
    {
        public Muddle()
            : base("muddle", version: 0)
        {
            Deadline(TimeSpan.Zero);
            var first = Step("a").WaitsForAnswer().PointOfNoReturn();
            Step("Big");
            Parallel("g", first, Step("b").WaitsForAnswer().Timeout(TimeSpan.Zero).Retry(new StepRetry { Attempts = 0 }));
            Step("a").WaitsForAnswer();
        }
    }
}
