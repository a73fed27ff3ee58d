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
    private LoireTestCluster _cluster = null!;

    private SimulatedPaymentProvider Provider => (SimulatedPaymentProvider)_cluster.Services.GetRequiredService<IPaymentProvider>();

    public async ValueTask InitializeAsync() => _cluster = await LoireTestCluster.Start(
        loire => loire.AddCommerce(), new LoireTestClusterOptions { Time = ManualTime.Running() });

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

    private Task Pay(string card) => _cluster.Saga("p-1", PaymentProcessing.Name).Start(
        TripHost.Json(new PaymentProcessing.Context("p-1", Money.Of(12), card)), SagaCause.Unknown);
}
