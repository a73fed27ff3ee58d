using Commerce;
using Commerce.Payments.Processing;
using Commerce.Values;
using Loire.Sagas;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Sagas;

/// <summary>A provider that answers late, twice, or never.</summary>
public sealed class PaymentTests : IAsyncLifetime
{
    private readonly StoreFaults _faults = new();
    private LoireTestCluster _cluster = null!;

    private SimulatedPaymentProvider Provider => (SimulatedPaymentProvider)_cluster.Services.GetRequiredService<IPaymentProvider>();

    public async ValueTask InitializeAsync() => _cluster = await LoireTestCluster.Start(
        loire => loire.AddCommerce(), new LoireTestClusterOptions { Time = ManualTime.Running(), Faults = _faults });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData("visa")]
    [InlineData("late")]
    [InlineData("repeated")]
    public async Task Money_is_moved_once_however_the_provider_answers(string card)
    {
        await Pay(card);

        var paid = await _cluster.SagaEnded(PaymentProcessing.Name, "p-1");

        paid.Status.ShouldBe(SagaStatus.Completed);
        paid.Context.GetProperty("authorization").GetString().ShouldBe("ref-p-1/authorize");
        Provider.Moved.Keys.Order().ShouldBe(["p-1/authorize", "p-1/capture", "p-1/settle"]);
    }

    [Fact]
    public async Task A_card_that_is_declined_ends_the_payment()
    {
        await Pay("declined");

        (await _cluster.SagaEnded(PaymentProcessing.Name, "p-1")).Reason.ShouldBe("The card was declined.");
        Provider.Moved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_asked_three_times_and_the_payment_is_given_back()
    {
        await Pay("unanswered");
        for (var run = 1; run <= 3; run++)
        {
            var asked = run;
            await _cluster.Until("p-1", s => s.Pending.Exists(p => p.Waits && p.Attempts == asked - 1), PaymentProcessing.Name);
            _cluster.Advance(TimeSpan.FromSeconds(31));
        }

        var failed = await _cluster.SagaEnded(PaymentProcessing.Name, "p-1");
        (failed.Reason, failed.HasOpenWork).ShouldBe(("It took too long.", false));
        (await _cluster.EventsOf("card-payment", "p-1")).OfType<CardPaymentEvent.Asked>().Select(a => a.Run).ShouldBe([1, 2, 3]);
        await _cluster.Idle();
        Provider.Moved.ShouldBeEmpty();

        var saga = _cluster.Saga("p-1", PaymentProcessing.Name);
        (await saga.CompleteStep("authorize", TripHost.Json(new ProviderAnswer("too late")))).Applied.ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_to_a_run_that_is_over_changes_nothing()
    {
        await Pay("unanswered");
        var saga = _cluster.Saga("p-1", PaymentProcessing.Name);
        await _cluster.Until("p-1", s => s.Pending.Exists(p => p.Waits), PaymentProcessing.Name);

        (await saga.FailStep("authorize", PaymentProcessing.Busy, "Try again.", run: 1)).Applied.ShouldBeTrue();
        await _cluster.Until("p-1", s => s.Pending.Exists(p => p is { Waits: true, Attempts: 1 }), PaymentProcessing.Name);

        (await saga.FailStep("authorize", PaymentProcessing.Busy, "Try again.", run: 1)).Applied.ShouldBeFalse();
        (await saga.CompleteStep("authorize", TripHost.Json(new ProviderAnswer("r-2")), run: 2)).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task What_an_earlier_run_has_asked_for_is_given_back_though_the_next_has_not_asked_yet()
    {
        await Pay("unanswered");
        var saga = _cluster.Saga("p-1", PaymentProcessing.Name);
        await _cluster.Until("p-1", s => s.Pending.Exists(p => p.Waits), PaymentProcessing.Name);
        _faults.Before(StoreOperationKind.Append, "card-payment/p-1").Times(1000).Fails();
        await saga.FailStep("authorize", PaymentProcessing.Busy, "Try again.", run: 1);
        (await saga.Compensate("Nobody wants it any more.")).Applied.ShouldBeTrue();
        _faults.Clear();

        (await _cluster.SagaEnded(PaymentProcessing.Name, "p-1")).OpenWork.ShouldBeEmpty();

        (await _cluster.EventsOf("card-payment", "p-1")).Select(e => e.GetType().Name).ShouldBe(["Asked", "Voided"]);
    }

    [Fact]
    public async Task What_fails_behind_the_point_of_no_return_is_asked_for_again_until_it_succeeds()
    {
        await Pay("unanswered");
        var saga = _cluster.Saga("p-1", PaymentProcessing.Name);
        await Answered(saga, "authorize");
        await Answered(saga, "capture");
        await _cluster.Until("p-1", s => s.Pending.Exists(p => p is { Step: "settle", Waits: true }), PaymentProcessing.Name);

        (await saga.FailStep("settle", "no-such-account", "There is no such account.")).Applied.ShouldBeTrue();
        (await _cluster.Until("p-1", s => s.Stuck, PaymentProcessing.Name)).Pending.Single().Code.ShouldBe("no-such-account");
        _cluster.Advance(TimeSpan.FromMinutes(2));
        await Answered(saga, "settle");

        (await _cluster.SagaEnded(PaymentProcessing.Name, "p-1")).Status.ShouldBe(SagaStatus.Completed);
        (await _cluster.EventsOf("card-payment", "p-1")).OfType<CardPaymentEvent.Asked>().Where(a => a.Operation == CardOperation.Settle)
            .Select(a => a.Run).ShouldBe([1, 2]);
    }

    private async Task Answered(ISagaGrain saga, string step)
    {
        await _cluster.Until("p-1", s => s.Pending.Exists(p => p.Step == step && p.Waits), PaymentProcessing.Name);
        (await saga.CompleteStep(step, TripHost.Json(new ProviderAnswer($"ref-{step}")))).Applied.ShouldBeTrue();
    }

    private Task Pay(string card) => _cluster.Saga("p-1", PaymentProcessing.Name).Start(
        TripHost.Json(new PaymentProcessing.Context("p-1", Money.Of(12), card)), SagaCause.Unknown);
}
